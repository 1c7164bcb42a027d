# stay
