//! What will be charged and when, renewing the mailbox out of the credit, and whether that happens by itself.

use app::queries::renewals::{self as queries, MONTHS};
use domain::renewal::Way;
use render::pages::holder_renewals::MemberComing;

use super::Member;
use crate::{
    Answer,
    customer::renewals::{coming_lines, credit_sum},
};

pub(super) async fn coming(member: Member) -> Answer {
    let visit = &member.visit;
    let mut ahead = queries::coming_of_holder(&visit.cx, member.row.party_id).await?;
    for row in &mut ahead.rows {
        // What somebody else pays is told without its price.
        row.quote = row.quote.take().filter(|_| row.way != Way::Body);
    }
    let own = member.row.mailbox_id;
    visit.page(&MemberComing {
        credit: member.credit(),
        rows: coming_lines(ahead.rows, |c| (c.mailbox == own).then(|| "/mailbox/card".into())),
        until: visit.cx.now().date().plus_months(MONTHS),
        sum: ahead.credit.map(credit_sum),
        more: ahead.more,
    })
}
