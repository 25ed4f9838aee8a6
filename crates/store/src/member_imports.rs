//! Files of members that bodies upload, line by line, and how far each was worked off.

use domain::{
    id::{LoginId, MailboxId, MemberImportId},
    time::Timestamp,
};

use crate::{Batch, Query, Result, WriteTx, args, row, sql};

row! {
    /// A file.
    pub struct MemberImportRow {
        pub id: MemberImportId,
        pub agreement_code: String,
        pub state: String,
        pub windows: bool,
        /// Lines with members.
        pub members: i64,
        pub last_line: i64,
        pub made: i64,
        /// Lines that are wrong, or whose mailbox could not be made.
        pub failed: i64,
        pub created_at: Timestamp,
        pub finished_at: Option<Timestamp>,
    }
}
row! {
    /// A line that waits to be worked off.
    pub struct WaitingRow { pub line: i64, pub plan_code: String, pub typed: Option<String> }
}
row! {
    /// A line as pages show it.
    pub struct ImportLineRow {
        pub line: i64,
        pub address: String,
        pub holder_name: String,
        pub plan_name: String,
        pub faults: Option<String>,
    }
}
row! {
    /// How many lines ask for a plan.
    pub struct PlanCountRow { pub name: String, pub count: i64 }
}
row! {
    /// A member who has a mailbox.
    pub struct KnownMemberRow { pub holder_tax_key: String, pub address: String }
}

sql!(
    BY_ID = "SELECT id, agreement_code, state, windows, members, last_line, made, failed, created_at, finished_at FROM member_imports WHERE id = $1",
    MemberImportRow
);
sql!(
    OF_AGREEMENT = "SELECT id, agreement_code, state, windows, members, last_line, made, failed, created_at, finished_at FROM member_imports \
     WHERE agreement_code = $1 ORDER BY created_at DESC, id DESC LIMIT $2",
    MemberImportRow
);
sql!(
    INSERT = "INSERT INTO member_imports (id, agreement_code, login_id, state, windows, members, last_line, made, failed, created_at, finished_at) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7, $8, NULL)"
);
sql!(
    INSERT_LINE = "INSERT INTO member_import_rows (import_id, line, address, holder_name, plan_code, state, typed, faults, mailbox_id) VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7, NULL)"
);
sql!(
    WAITING = "SELECT line, plan_code, typed FROM member_import_rows WHERE import_id = $1 AND line > $2 AND state = 'waiting' ORDER BY line LIMIT $3",
    WaitingRow
);
sql!(
    LINES = "SELECT r.line, r.address, r.holder_name, COALESCE(p.name, r.plan_code) AS plan_name, r.faults FROM member_import_rows r LEFT JOIN products p ON p.code = r.plan_code \
     WHERE r.import_id = $1 AND r.line > $2 ORDER BY r.line LIMIT $3",
    ImportLineRow
);
sql!(
    FAULTS = "SELECT r.line, r.address, r.holder_name, COALESCE(p.name, r.plan_code) AS plan_name, r.faults FROM member_import_rows r LEFT JOIN products p ON p.code = r.plan_code \
     WHERE r.import_id = $1 AND r.line > $2 AND r.faults IS NOT NULL ORDER BY r.line LIMIT $3",
    ImportLineRow
);
sql!(
    PLANS = "SELECT p.name, COUNT(*) AS count FROM member_import_rows r JOIN products p ON p.code = r.plan_code WHERE r.import_id = $1 GROUP BY p.name, p.position ORDER BY p.position, p.name",
    PlanCountRow
);
sql!(
    KNOWN = "SELECT holder_tax_key, address FROM mailboxes WHERE agreement_code = $1 AND state || '' IN ('activating', 'active', 'expired')",
    KnownMemberRow
);
sql!(MOVE = "UPDATE member_imports SET state = $3, finished_at = $4 WHERE id = $1 AND state = $2");
sql!(
    ADVANCE = "UPDATE member_imports SET last_line = $3, made = made + $4, failed = failed + $5 WHERE id = $1 AND state = 'running' AND last_line = $2"
);
sql!(
    MADE = "UPDATE member_import_rows SET state = 'made', typed = NULL, mailbox_id = $3 WHERE import_id = $1 AND line = $2 AND state = 'waiting'"
);
sql!(
    FAILED = "UPDATE member_import_rows SET state = 'failed', typed = NULL, faults = $3 WHERE import_id = $1 AND line = $2 AND state = 'waiting'"
);

/// A file to be kept.
#[derive(Debug)]
pub struct NewImport<'a> {
    pub id: MemberImportId,
    pub agreement: &'a str,
    pub login: LoginId,
    pub state: &'a str,
    pub windows: bool,
    pub members: i64,
    pub failed: i64,
    pub at: Timestamp,
}
/// A line to be kept.
#[derive(Clone, Debug)]
pub struct NewLine {
    pub line: i64,
    pub address: String,
    pub holder_name: String,
    pub plan: String,
    pub typed: Option<String>,
    pub faults: Option<String>,
}

/// Writes a file with its lines.
pub async fn insert(tx: &mut WriteTx, n: &NewImport<'_>, lines: &[NewLine]) -> Result<()> {
    let row = args![n.id, n.agreement, n.login, n.state, n.windows, n.members, n.failed, n.at];
    tx.exactly_one(&INSERT, row).await?;
    for page in lines.chunks(500) {
        let mut batch = Batch::new();
        for l in page {
            let row = args![n.id, l.line, &l.address, &l.holder_name, &l.plan, &l.typed, &l.faults];
            batch.add(&INSERT_LINE, row, 1);
        }
        tx.batch(batch).await?;
    }
    Ok(())
}

/// One file.
pub async fn by_id(q: &mut impl Query, id: MemberImportId) -> Result<Option<MemberImportRow>> {
    q.opt(&BY_ID, args![id]).await
}

/// The last files of an agreement.
pub async fn of_agreement(q: &mut impl Query, agreement: &str, limit: i64) -> Result<Vec<MemberImportRow>> {
    q.all(&OF_AGREEMENT, args![agreement, limit]).await
}

/// Lines after this one that wait.
pub async fn waiting(q: &mut impl Query, id: MemberImportId, after: i64, limit: i64) -> Result<Vec<WaitingRow>> {
    q.all(&WAITING, args![id, after, limit]).await
}

/// Lines after this one.
pub async fn lines(q: &mut impl Query, id: MemberImportId, after: i64, limit: i64) -> Result<Vec<ImportLineRow>> {
    q.all(&LINES, args![id, after, limit]).await
}

/// Lines after this one with which something is wrong.
pub async fn faults(q: &mut impl Query, id: MemberImportId, after: i64, limit: i64) -> Result<Vec<ImportLineRow>> {
    q.all(&FAULTS, args![id, after, limit]).await
}

/// How many mailboxes of which plan.
pub async fn plans(q: &mut impl Query, id: MemberImportId) -> Result<Vec<PlanCountRow>> {
    q.all(&PLANS, args![id]).await
}

/// The members who have a mailbox under an agreement.
pub async fn known(q: &mut impl Query, agreement: &str) -> Result<Vec<KnownMemberRow>> {
    q.all(&KNOWN, args![agreement]).await
}

/// Moves a file from one state to another; 0 when it is no longer in the first.
pub async fn set_state(
    tx: &mut WriteTx,
    id: MemberImportId,
    (from, to): (&str, &str),
    finished: Option<Timestamp>,
) -> Result<u64> {
    tx.run(&MOVE, args![id, from, to, finished]).await
}

/// What became of a line.
#[derive(Debug)]
pub enum Worked {
    Made(MailboxId),
    /// JSON: why not.
    Failed(String),
}

/// Notes what became of the lines after `after`; `false` when somebody else has worked them off.
///
/// # Errors
/// `WrongRows` when a line does not wait any more although the file stands there.
pub async fn advance(tx: &mut WriteTx, id: MemberImportId, after: i64, worked: &[(i64, Worked)]) -> Result<bool> {
    let made = worked.iter().filter(|(_, w)| matches!(w, Worked::Made(_))).count() as i64;
    let last = worked.last().map_or(after, |(line, _)| *line);
    if tx.run(&ADVANCE, args![id, after, last, made, worked.len() as i64 - made]).await? == 0 {
        return Ok(false);
    }
    let mut batch = Batch::new();
    for (line, worked) in worked {
        match worked {
            Worked::Made(mailbox) => batch.add(&MADE, args![id, *line, *mailbox], 1),
            Worked::Failed(faults) => batch.add(&FAILED, args![id, *line, faults], 1),
        };
    }
    tx.batch(batch).await?;
    Ok(true)
}
