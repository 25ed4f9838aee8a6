//! The two fields of a new password with the list of rules between them, shared by registration,
//! recovery, the customer area and mailboxes (component `new_password`).

use domain::ident::password::{PasswordPolicy, SHOWN};
use serde::Serialize;

use crate::Msg;

/// One line of the list. `code` is what the script judges by, for example `length`.
#[derive(Clone, Debug, Serialize)]
pub struct Rule {
    pub code: String,
    pub words: Msg,
}

/// The list of rules beside the fields `password` and `password_again`.
#[derive(Clone, Debug, Serialize)]
pub struct PasswordRules {
    pub rules: Vec<Rule>,
    /// The username or mailbox address: for password managers, and because it may not be part of the password.
    pub username: String,
    pub min: i64,
    pub max: i64,
}

impl PasswordRules {
    /// The rules of a policy, for the owner of this username or address.
    pub fn new(policy: &PasswordPolicy, username: &str) -> Self {
        let (min, max) = (policy.min_length as i64, policy.max_length as i64);
        let mut rules: Vec<Rule> = SHOWN
            .iter()
            .map(|c| {
                let code = c.code().trim_start_matches("password-").to_owned();
                let words = Msg::new(format!("rule-password-{code}")).arg("min", min).arg("max", max);
                Rule { code, words }
            })
            .collect();
        rules.push(Rule { code: "same".into(), words: Msg::new("rule-password-same") });
        Self { rules, username: username.into(), min, max }
    }
    /// The rules of the samples.
    pub fn sample() -> Self {
        Self::new(&PasswordPolicy::default(), "482913@account.example.it")
    }
}
