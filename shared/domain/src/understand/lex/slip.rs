//! Slips of the finger.

/// Whether one word becomes the other by at most `most` letters more, less, other, or swapped with their neighbour.
/// Bounded: long words are never near.
pub(in crate::understand) fn slips(a: &str, b: &str, most: usize) -> bool {
    const LONGEST: usize = 24;
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() > LONGEST || b.len() > LONGEST || a.len().abs_diff(b.len()) > most {
        return false;
    }
    let mut before = [0usize; LONGEST + 1];
    let mut last = [0usize; LONGEST + 1];
    let mut now = [0usize; LONGEST + 1];
    for (j, cell) in last.iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        now[0] = i;
        let mut best = i;
        for j in 1..=b.len() {
            let other = usize::from(a[i - 1] != b[j - 1]);
            let mut cost = (last[j] + 1).min(now[j - 1] + 1).min(last[j - 1] + other);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cost = cost.min(before[j - 2] + 1);
            }
            now[j] = cost;
            best = best.min(cost);
        }
        if best > most {
            return false;
        }
        before = last;
        last = now;
    }
    last[b.len()] <= most
}

#[cfg(test)]
mod tests {
    use super::slips;

    #[test]
    fn one_slip_is_forgiven_and_two_are_not() {
        for (a, b) in [
            ("enro", "enero"),
            ("serbicios", "servicios"),
            ("parirlla", "parrilla"),
            ("a", "a"),
        ] {
            assert!(slips(a, b, 1), "{a}");
        }
        assert!(!slips("serbisios", "servicios", 1));
        assert!(slips("desiembre", "diciembre", 2));
        assert!(!slips("tenes", "enero", 1));
        assert!(!slips("", "enero", 2));
    }
}
