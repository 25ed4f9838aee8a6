//! A PEC mailbox: what its states allow, and what moves it from one to the next.

pub mod machine;
pub mod termination;
pub mod usage;

pub use machine::{MailboxEvent, MailboxFacts, MailboxRefusal, MailboxState, MailboxStep, MailboxTask, step};

/// What the holder of a mailbox may do with it now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    /// Sign in and read.
    pub login: bool,
    pub receive: bool,
    pub send: bool,
}

/// Who may sign in, receive and send; a full mailbox receives but does not send (domain notes 4.4). The view `mail_accounts`, which the mail servers
/// read, says the same; a test compares the two.
pub fn rights(state: MailboxState, has_password: bool, full: bool) -> Rights {
    let (reads, sends) = match state {
        MailboxState::Active => (true, true),
        // Receiving goes on for as long as it can still be renewed («Super Ricezione»).
        MailboxState::Expired => (true, false),
        MailboxState::Activating | MailboxState::Cancelled | MailboxState::Terminated => (false, false),
    };
    Rights { login: reads && has_password, receive: reads, send: sends && has_password && !full }
}

/// Days after the end of the paid period during which a mailbox can still be renewed and keeps its
/// content (domain notes 6.5).
pub const GRACE_DAYS: i32 = 90;

/// How long the link for the first password works, in days (domain notes 2.9).
pub const FIRST_PASSWORD_DAYS: i64 = 7;

/// How long the link of a password reset works, in hours; meanwhile no other is sent (domain notes 7.4).
pub const RESET_HOURS: i64 = 3;
