//! What people find in their mailboxes: each notice of expiry once, on its day, to the right one, and none for what was
//! renewed before (domain notes 6.1). The steps are written here a second time, and the words are those of the mails.

use std::collections::BTreeMap;

use domain::time::Date;
use render::Locale;
use store::{Sql, args, row, sql};
use uuid::Uuid;

use crate::{house::Letter, year::Year};

/// Days after the end on which those are told who have something to do, and those who have not.
const ASKED: [i32; 12] = [-90, -60, -30, -15, -7, -3, -1, 0, 7, 30, 60, 83];
const TOLD: [i32; 7] = [-30, -10, 0, 7, 30, 60, 83];
const LAST: i32 = 90;
/// So long a message that was asked for may wait, with servers that are down and processes that end.
const PATIENCE: i32 = 6;

row! {
    /// A service, and what it was told of its period.
    pub struct ServiceRow {
        pub id: Uuid,
        pub address: String,
        pub end_day: Date,
        pub way: String,
        /// The latest step that was noted, and how many were by the last night.
        pub step: Option<i64>,
        pub tonight: i64,
    }
}
row! {
    /// What the last nights noted as told.
    pub struct NotedRow { pub id: Uuid, pub address: String, pub email: String, pub end_day: Date, pub step: i64, pub addon: bool }
}
row! {
    /// A service as it is now, and when its period was paid if it was.
    pub struct NowRow { pub end_day: Date, pub lives: bool, pub way: String, pub paid_at: Option<i64> }
}
row! {
    pub struct SpaceRow { pub address: String, pub told_percent: i64 }
}

macro_rules! told {
    ($service:literal) => {
        concat!(
            "(SELECT MAX(n.step) FROM notices_sent n WHERE n.end_day = ",
            $service,
            ".end_day AND n.service_id = m.service) AS step, \
             (SELECT COUNT(*) FROM notices_sent n WHERE n.end_day = ",
            $service,
            ".end_day AND n.service_id = m.service AND n.sent_day = $3) AS tonight "
        )
    };
}
// The days lead: with the bare state SQLite goes along all living mailboxes for each step.
sql!(
    MAILBOXES = concat!(
        "SELECT m.id, m.address, m.end_day, m.way, ",
        told!("m"),
        "FROM (SELECT x.id, x.id AS service, x.address, t.end_day, COALESCE(o.way, 'manual') AS way FROM terms t JOIN mailboxes x ON x.id = t.mailbox_id AND x.state || '' IN ('active', 'expired') \
         LEFT JOIN obligations o ON o.service_id = x.id AND o.period_start = t.end_day + 1 WHERE t.end_day BETWEEN $1 AND $2) AS m ORDER BY m.address"
    ),
    ServiceRow
);
sql!(
    ADDONS = concat!(
        "SELECT m.id, m.address, m.end_day, m.way, ",
        told!("m"),
        "FROM (SELECT a.id, a.id AS service, x.address, a.end_day, 'wallet' AS way FROM addons a JOIN mailboxes x ON x.id = a.mailbox_id AND x.state || '' IN ('active', 'expired') \
         WHERE a.state = 'active' AND a.end_day BETWEEN $1 AND $2) AS m ORDER BY m.address, m.id"
    ),
    ServiceRow
);
sql!(
    NOTED = "SELECT n.service_id AS id, m.address, p.email, n.end_day, n.step, a.id IS NOT NULL AS addon FROM notices_sent n LEFT JOIN addons a ON a.id = n.service_id JOIN mailboxes m ON m.id = COALESCE(a.mailbox_id, n.service_id) \
     JOIN parties p ON p.id = m.party_id WHERE n.end_day >= $1 AND n.sent_day > $2 ORDER BY m.address, n.service_id, n.step",
    NotedRow
);
sql!(
    MAILBOX_NOW = "SELECT t.end_day, m.state IN ('active', 'expired') AS lives, COALESCE(b.way, 'manual') AS way, o.paid_at FROM mailboxes m JOIN terms t ON t.mailbox_id = m.id \
     LEFT JOIN obligations b ON b.service_id = m.id AND b.period_start = t.end_day + 1 LEFT JOIN obligations k ON k.service_id = m.id AND k.period_start = $2 AND k.state = 'met' \
     LEFT JOIN orders o ON o.id = k.order_id WHERE m.id = $1",
    NowRow
);
sql!(
    ADDON_NOW = "SELECT a.end_day, m.state IN ('active', 'expired') AND a.state = 'active' AS lives, 'wallet' AS way, o.paid_at FROM addons a JOIN mailboxes m ON m.id = a.mailbox_id \
     LEFT JOIN obligations k ON k.service_id = a.id AND k.period_start = $2 AND k.state = 'met' LEFT JOIN orders o ON o.id = k.order_id WHERE a.id = $1",
    NowRow
);
sql!(
    SPACE = "SELECT m.address, u.told_percent FROM mailbox_usage u JOIN mailboxes m ON m.id = u.mailbox_id WHERE u.told_percent > 0 ORDER BY m.address",
    SpaceRow
);

fn steps(way: &str) -> &'static [i32] {
    if matches!(way, "card" | "paypal" | "body") { &TOLD } else { &ASKED }
}
/// The latest step that has come so many days after the end.
fn latest(steps: &[i32], after: i32) -> Option<i32> {
    steps.iter().copied().rfind(|step| *step <= after).filter(|_| after <= LAST)
}

/// A notice that a night asked for.
#[derive(Clone, Debug)]
struct Due {
    service: Uuid,
    to: String,
    end: Date,
    step: i32,
    night: Date,
}
impl Due {
    /// Whether its step is the one of the day, whatever way the money goes meanwhile.
    fn is_of(&self, day: Date) -> bool {
        let after = day.days_since(self.end);
        latest(&ASKED, after) == Some(self.step) || latest(&TOLD, after) == Some(self.step)
    }
    /// Whether a mail could be this one, by the words of its step.
    fn is(&self, address: &str, addon: bool, letter: &Letter) -> bool {
        let (it, end) = (Locale::It, self.end);
        let last = it.date(end.plus_days(LAST));
        let subject = letter.subject.as_str();
        match self.step {
            _ if addon => subject == format!("Servizio aggiuntivo di {address}: scade il {}", it.date(end)),
            ..=0 => {
                subject == format!("{address} scade il {}", it.date(end))
                    || subject == format!("{address}: addebito il {}", it.date(end.plus_days(-7)))
            }
            83.. => subject == format!("{address} viene cancellata dopo il {last}"),
            _ => subject == format!("{address} è scaduta: rinnovala entro il {last}"),
        }
    }
}

/// What people were told.
#[derive(Default)]
pub struct Told {
    /// Notices of expiry that were compared.
    pub read: usize,
    /// The last night that was judged.
    night: Option<Date>,
    /// Asked for and not found in a mailbox yet, by address and whether of an add-on.
    due: BTreeMap<(String, bool), Vec<Due>>,
    /// How full the last mail said a mailbox is, and the lowest mark since.
    space: BTreeMap<String, (i64, i64)>,
}

/// The address that a notice of expiry is about, and whether it is about an add-on.
fn expiry(subject: &str) -> Option<(&str, bool)> {
    if let Some(rest) = subject.strip_prefix("Servizio aggiuntivo di ") {
        return rest.split_once(": scade il ").map(|(address, _)| (address, true));
    }
    let marks = [" scade il ", ": addebito il ", " è scaduta: ", " viene cancellata dopo "];
    let found = marks.iter().find_map(|mark| subject.split_once(mark))?;
    (found.0.contains('@') && !found.0.contains(' ')).then_some((found.0, false))
}

/// The address that a notice about space is about, and the percent.
fn space(subject: &str) -> Option<(&str, i64)> {
    if let Some((address, rest)) = subject.split_once(": spazio usato al ") {
        return Some((address, rest.split(' ').next()?.parse().ok()?));
    }
    subject.strip_suffix(" è piena e non può spedire").map(|address| (address, 100))
}

impl Year {
    /// Compares what lies in people's mailboxes with what the nights noted, and that with the calendar.
    pub async fn judge_letters(&mut self) {
        let night = self.ran;
        if self.verdict.told.night != Some(night) {
            self.judge_steps(night, &MAILBOXES, false).await;
            self.judge_steps(night, &ADDONS, true).await;
            let since = self.verdict.told.night.replace(night).unwrap_or(night.plus_days(-1));
            let noted = self.cx().store().all(&NOTED, args![night.plus_days(-LAST - 10), since]).await;
            for row in noted.expect("readable") {
                let due = Due { service: row.id, to: row.email, end: row.end_day, step: row.step as i32, night };
                self.verdict.told.due.entry((row.address, row.addon)).or_default().push(due);
            }
        }
        for letter in self.house.outside.letters.fresh() {
            if let Some((address, addon)) = expiry(&letter.subject) {
                self.judge_expiry(address, addon, &letter).await;
            } else if let Some((address, percent)) = space(&letter.subject) {
                self.judge_space(address, percent);
            }
        }
        self.judge_waiting(night).await;
        let marks = self.cx().store().all(&SPACE, &[]).await.expect("readable");
        let marks: BTreeMap<String, i64> = marks.into_iter().map(|r| (r.address, r.told_percent)).collect();
        for (address, (_, lowest)) in &mut self.verdict.told.space {
            *lowest = (*lowest).min(marks.get(address).copied().unwrap_or(0));
        }
    }

    /// Every service that came to a step since the last night was told it, and the latest one only.
    async fn judge_steps(&mut self, night: Date, statement: &'static Sql<ServiceRow>, addon: bool) {
        let since = self.verdict.told.night;
        let mut all: Vec<i32> = ASKED.iter().chain(&TOLD).copied().filter(|s| !addon || *s <= 0).collect();
        all.sort_unstable();
        all.dedup();
        // The first night tells everybody where he stands.
        let stretches: Vec<(Date, Date)> = match since {
            None => vec![(night.plus_days(if addon { 0 } else { -LAST }), night.plus_days(-ASKED[0]))],
            Some(last) => all.iter().map(|s| (last.plus_days(1 - s), night.plus_days(-s))).collect(),
        };
        let mut found: BTreeMap<Uuid, ServiceRow> = BTreeMap::new();
        for (from, to) in stretches {
            let rows = self.cx().store().all(statement, args![from, to, night]).await.expect("readable");
            found.extend(rows.into_iter().map(|r| (r.id, r)));
        }
        for row in found.into_values() {
            let new = |step: &i32| since.is_none_or(|last| row.end_day.plus_days(*step) > last);
            let due = latest(steps(&row.way), night.days_since(row.end_day)).filter(|s| !addon || *s <= 0).filter(new);
            let told = row.step.map(|s| s as i32);
            let wrong = match due {
                Some(step) => told < Some(step) || row.tonight > 1 || (row.tonight == 1 && told != Some(step)),
                None => row.tonight > 0,
            };
            if wrong {
                self.fail(&format!("{row:?}: of its steps {due:?} has come"));
            }
        }
    }

    /// A notice of expiry was asked for, goes to the right one, and was not out of date when it went.
    async fn judge_expiry(&mut self, address: &str, addon: bool, letter: &Letter) {
        self.verdict.told.read += 1;
        let key = (address.to_owned(), addon);
        let waiting = self.verdict.told.due.get_mut(&key);
        let found = waiting.and_then(|all| {
            let fits = |due: &Due| due.is(address, addon, letter);
            // Two steps may have the same words.
            let at = all.iter().position(|due| fits(due) && due.is_of(letter.at.date()));
            let at = at.or(all.iter().position(fits))?;
            Some(all.swap_remove(at))
        });
        let Some(due) = found else { self.fail(&format!("nobody asked for this, or it was told before: {letter:?}")) };
        if self.verdict.told.due.get(&key).is_some_and(Vec::is_empty) {
            self.verdict.told.due.remove(&key);
        }
        if letter.to != due.to || !letter.text.contains(address) || !letter.text.contains(&Locale::It.date(due.end)) {
            self.fail(&format!("{due:?} went elsewhere, or says something else: {letter:?}"));
        }
        if !due.is_of(letter.at.date()) {
            self.fail(&format!("{due:?} was out of date when it went: {letter:?}"));
        }
        if self.back {
            return;
        }
        let now = self.service_now(&due, addon).await;
        if now.is_some_and(|n| n.paid_at.is_some_and(|paid| paid < letter.at.micros())) {
            self.fail(&format!("{due:?} was told though it had been renewed: {letter:?}"));
        }
    }
    async fn service_now(&self, due: &Due, addon: bool) -> Option<NowRow> {
        let statement = if addon { &ADDON_NOW } else { &MAILBOX_NOW };
        self.cx().store().opt(statement, args![due.service, due.end.plus_days(1)]).await.expect("readable")
    }

    /// A mark is told again only after the mailbox was emptier.
    fn judge_space(&mut self, address: &str, percent: i64) {
        let before = self.verdict.told.space.insert(address.to_owned(), (percent, percent));
        if before.is_some_and(|(told, lowest)| told == percent && lowest >= percent) {
            self.fail(&format!("{address} was told {percent} % twice"));
        }
    }

    /// What was noted as told and lies in no mailbox has come to another step, was renewed or ended, or is under way.
    async fn judge_waiting(&mut self, night: Date) {
        let old: Vec<_> = self.verdict.told.due.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
        for (key, all) in old {
            let mut left = Vec::new();
            for due in all {
                let now = self.service_now(&due, key.1).await;
                let stands = now.is_some_and(|n| {
                    let after = night.days_since(due.end);
                    n.lives && n.end_day == due.end && latest(steps(&n.way), after) == Some(due.step)
                });
                if stands && night.days_since(due.night) > PATIENCE {
                    self.fail(&format!("{due:?} was noted as told, and nobody was told"));
                }
                left.extend(stands.then_some(due));
            }
            match left.is_empty() {
                true => self.verdict.told.due.remove(&key),
                false => self.verdict.told.due.insert(key, left),
            };
        }
    }
}
