//! Takes in notices of payments, reads what they hint at, makes links and carries refunds out.

use std::process::ExitCode;

use posta_runtime::lifecycle;
use workers::payment;

fn main() -> ExitCode {
    lifecycle::run("payment-worker", payment::run)
}
