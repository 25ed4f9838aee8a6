//! The proof of the books: what `ceralacca doctor` runs and the nightly check repeats.

use store::{Query, books as rows, books::OddRow};

use crate::{Cx, Problem, queries::checks::Check};

/// Every check, in one snapshot of the database.
///
/// # Errors
/// When the store cannot be read.
pub async fn prove(cx: &Cx) -> Result<Vec<Check>, Problem> {
    cx.store()
        .read(async move |tx| {
            let cover = rows::cover(tx).await?;
            let covered = format!("{} transfers on {} accounts", cover.transfers, cover.accounts);
            Ok::<_, store::Error>(vec![
                judge("books.transfers", rows::unbalanced(tx).await?, &covered),
                judge("books.balances", rows::wrong_balances(tx).await?, &covered),
                judge("books.overdrawn", rows::negative(tx).await?, "no customer's account is below what is held"),
                judge("books.paid_once", rows::paid_twice(tx).await?, "each order was charged its price, once"),
                judge("books.paid", rows::orders_against_money(tx).await?, "paid orders have their money"),
                judge("books.attempts", rows::attempts_against_entries(tx).await?, "payments have their entries"),
                judge(
                    "books.transfers_in",
                    rows::movements_against_payments(tx).await?,
                    "each transfer is booked once",
                ),
                judge("books.refunds", rows::over_refunded(tx).await?, "no more went back than came"),
                zero(tx).await?,
            ])
        })
        .await
        .map_err(Problem::from)
}

fn judge(name: &'static str, odd: Vec<OddRow>, fine: &str) -> Check {
    let detail = match odd.as_slice() {
        [] => fine.to_owned(),
        odd => {
            let one = |o: &OddRow| format!("{} {}: {} instead of {}", o.what, o.id, o.found, o.expected);
            odd.iter().map(one).collect::<Vec<_>>().join("; ")
        }
    };
    Check { name, ok: odd.is_empty(), detail }
}

/// All accounts together sum to zero; the balances are told.
async fn zero(q: &mut impl Query) -> Result<Check, store::Error> {
    let totals = rows::totals(q).await?;
    let sum: i128 = totals.iter().map(|t| i128::from(t.balance.as_cents())).sum();
    let told: Vec<_> = totals.iter().map(|t| format!("{} {:?}", t.kind, t.balance)).collect();
    Ok(Check { name: "books.zero", ok: sum == 0, detail: told.join(", ") })
}
