//! The crash matrix: every effect, failed once at each of its phases and repeated, ends as the undisturbed run does.
//! Effects without a story fail it.

mod stories;
mod world;

use std::{
    collections::{BTreeMap, BTreeSet},
    pin::Pin,
    sync::Arc,
};

use app::{
    Settings,
    effects::{Phase, Registry},
};
use testkit::{TestApp, app::engine, crash::Saboteur};

use self::world::World;

type Told<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// A way through the platform, the effects it is there for, and rows that prove where it leads.
struct Story {
    name: &'static str,
    kinds: &'static [&'static str],
    ends_with: &'static [(&'static str, usize)],
    tell: fn(&TestApp) -> Told<'_>,
}

/// Every registered effect has its story here.
const STORIES: &[Story] = &[
    Story {
        name: "a purchase",
        kinds: &["confirm_payment", "provision", "send_notice", "send_password_link"],
        ends_with: &[
            ("money taken", 1),
            ("mailboxes: contratti.bianchi@pec.example.it active 1024", 1),
            ("on the mail servers: amministrazione@pec.example.it 1048576", 1),
        ],
        tell: |app| Box::pin(stories::a_purchase(app)),
    },
    Story {
        name: "a method that takes the place of another",
        kinds: &["confirm_setup", "detach_method"],
        ends_with: &[
            ("money taken", 1),
            ("method_setups: simulated succeeded -", 1),
            ("methods: simulated Visa 4242 usable", 1),
            ("methods: simulated Visa 4242 removed", 1),
        ],
        tell: |app| Box::pin(stories::a_method_replaced(app)),
    },
    Story {
        name: "an order that nobody pays",
        kinds: &["chase_order", "close_payment"],
        ends_with: &[
            ("money taken", 0),
            ("addresses: contratti.bianchi@pec.example.it released", 0),
            ("attempts: 2026-000001 checkout failed 1208 closed_unpaid", 1),
            ("orders: 2026-000001 expired_unpaid 1208", 1),
        ],
        tell: |app| Box::pin(stories::an_order_that_nobody_pays(app)),
    },
    Story {
        name: "a file of members",
        kinds: &["import_members"],
        ends_with: &[
            ("mailboxes: anna.n0@pec.ordine.example.it active 1024", 1),
            ("mailboxes: anna.n22@pec.ordine.example.it active 1024", 1),
            ("member_imports: done 23 0", 1),
        ],
        tell: |app| Box::pin(stories::a_file_of_members(app)),
    },
    Story {
        name: "an agreement that closes",
        kinds: &["begin_agreement_version"],
        ends_with: &[("agreements: ORDGEO false true 3", 1)],
        tell: |app| Box::pin(stories::an_agreement_that_closes(app)),
    },
    Story {
        name: "a top-up that nobody pays",
        kinds: &["give_up_top_up"],
        ends_with: &[
            ("money taken", 0),
            ("orders: 2026-000002 expired_unpaid 500", 1),
            ("attempts: 2026-000002 checkout failed 500 closed_unpaid", 1),
            ("operations: top_up ko 500", 1),
        ],
        tell: |app| Box::pin(stories::a_top_up_that_nobody_pays(app)),
    },
    Story {
        name: "a stored card",
        kinds: &["charge_method", "refund_payment"],
        ends_with: &[
            ("money taken", 2),
            ("money given back", 1),
            ("attempts: 2026-000002 off_session succeeded 1208 -", 1),
            ("attempts: 2026-000002 refund succeeded 500 -", 1),
        ],
        tell: |app| Box::pin(stories::a_stored_card(app)),
    },
    Story {
        name: "a statement of the bank",
        kinds: &["match_movement"],
        ends_with: &[
            ("attempts: 2026-000001 checkout succeeded 1208 -", 1),
            ("bank_movements: TRN1 booked -", 1),
            ("bank_movements: TRN2 unmatched no_number", 1),
            ("mailboxes: contratti.bianchi@pec.example.it active 1024", 1),
        ],
        tell: |app| Box::pin(stories::a_statement(app)),
    },
    Story {
        name: "credit that nobody uses",
        kinds: &["lapse_credit"],
        ends_with: &[("transfers: credit_lapsed lapsed 1 500", 1)],
        tell: |app| Box::pin(stories::credit_that_nobody_uses(app)),
    },
    Story {
        name: "a registration given up",
        kinds: &["drop_incomplete_login", "remind_registration"],
        ends_with: &[("logins: 100001@ceralacca.example dropped", 1)],
        tell: |app| Box::pin(stories::a_registration_given_up(app)),
    },
    Story {
        name: "an e-mail that is lost",
        kinds: &["finish_recovery"],
        ends_with: &[
            ("parties: RSSNNA90E47Z110T nuova@example.org", 1),
            ("mail: nuova@example.org Reimposta la password", 1),
        ],
        tell: |app| Box::pin(stories::an_email_that_is_lost(app)),
    },
    Story {
        name: "a mailbox whose password is forgotten",
        kinds: &["send_reset_link"],
        ends_with: &[(
            "mail: contratti.bianchi@example.org Reimposta la password di contratti.bianchi@pec.example.it",
            1,
        )],
        tell: |app| Box::pin(stories::a_mailbox_password_forgotten(app)),
    },
    Story {
        name: "a mailbox with another space than its plan's",
        kinds: &["count_usage"],
        ends_with: &[
            ("mailbox_usage: contratti.bianchi@pec.example.it 2048", 1),
            ("on the mail servers: contratti.bianchi@pec.example.it 1048576", 1),
            ("effects: provision mailbox done", 2),
        ],
        tell: |app| Box::pin(stories::a_mailbox_with_another_space(app)),
    },
    Story {
        name: "messages that lie unread",
        kinds: &["tell_unread"],
        ends_with: &[
            ("messages: unread_messages +393331112233 sent ", 2),
            ("sms_notices: mario.rossi@pec.ordine.example.it 3 21068", 1),
            ("text message: +393331112233", 2),
            ("effects: send_notice mailbox done", 2),
        ],
        tell: |app| Box::pin(stories::messages_that_lie_unread(app)),
    },
    Story {
        name: "a renewal by card",
        kinds: &["charge_method", "send_notice"],
        ends_with: &[
            ("money taken", 2),
            ("orders: 2027-000033 completed 1208", 1),
            ("terms: contratti.bianchi@pec.example.it 20727-21458", 1),
            ("obligations: mailbox contratti.bianchi@pec.example.it 21093 21085 card met 0", 1),
        ],
        tell: |app| Box::pin(stories::a_renewal_by_card(app)),
    },
    Story {
        name: "a mailbox whose end is told",
        kinds: &["remind_expiry"],
        ends_with: &[("mail: customer100001@example.org contratti.bianchi@pec.example.it: addebito il 24/9/2027", 1)],
        tell: |app| Box::pin(stories::a_mailbox_that_is_told(app)),
    },
    Story {
        name: "a mailbox that ends",
        kinds: &["empty_mailbox"],
        ends_with: &[
            ("mailboxes: contratti.bianchi@pec.example.it cancelled 1024", 1),
            ("on the mail servers: contratti.bianchi@pec.example.it 1048576", 0),
        ],
        tell: |app| Box::pin(stories::a_mailbox_that_ends(app)),
    },
];

async fn told(story: &Story, saboteur: Arc<Saboteur>) -> World {
    let app = TestApp::with(engine(), Some(saboteur), Settings::default()).await;
    (story.tell)(&app).await;
    let world = World::of(&app).await;
    let books = app::books::prove(&app.cx).await.expect("the books can be read");
    assert!(books.iter().all(|c| c.ok), "{}: the books are wrong: {books:?}", story.name);
    app.finish().await;
    world
}

/// How often a phase was reached undisturbed, and when it failed once.
type Reached = BTreeMap<(&'static str, Phase), (usize, usize)>;

async fn each_phase_of(story: &Story, reached: &mut Reached) {
    let watching = Arc::new(Saboteur::watching());
    let expected = told(story, watching.clone()).await;
    for (row, times) in story.ends_with {
        assert_eq!(expected.count(row), *times, "{}: «{row}» in {expected:#?}", story.name);
    }
    let undisturbed = watching.reached();
    for kind in story.kinds {
        for phase in Phase::ALL {
            let here = ((*kind).to_owned(), phase);
            let before = undisturbed.get(&here).copied().unwrap_or_default();
            assert!(before > 0, "{}: {kind} never reached {phase:?}", story.name);
            let saboteur = Arc::new(Saboteur::at(kind, phase));
            let world = told(story, saboteur.clone()).await;
            assert!(saboteur.struck(), "{}: {kind} did not fail at {phase:?}", story.name);
            let differences = world.differences(&expected);
            assert!(differences.is_empty(), "{}: {kind} failed at {phase:?}: {differences:#?}", story.name);
            let after = saboteur.reached()[&here];
            assert!(after > before, "{}: {kind} was not repeated after it failed at {phase:?}", story.name);
            reached.insert((kind, phase), (before, after));
        }
    }
}

fn table(reached: &Reached) -> String {
    let mut out = format!("{:<22}", "reached (failed once)");
    out.extend(Phase::ALL.map(|phase| format!("{:>14}", format!("{phase:?}").to_lowercase())));
    for kind in Registry::all().kinds() {
        out += &format!("\n{kind:<22}");
        for phase in Phase::ALL {
            let cell = reached.get(&(kind, phase)).map_or("NEVER".into(), |(b, a)| format!("{b} ({a})"));
            out += &format!("{cell:>14}");
        }
    }
    out
}

#[tokio::test]
async fn each_phase_of_each_effect_may_fail() {
    let told: BTreeSet<_> = STORIES.iter().flat_map(|s| s.kinds).copied().collect();
    let registered: BTreeSet<_> = Registry::all().kinds().into_iter().collect();
    assert_eq!(told, registered, "each registered effect has a story in STORIES, and no other has");
    let mut reached = Reached::new();
    for story in STORIES {
        each_phase_of(story, &mut reached).await;
    }
    println!("{}", table(&reached));
    assert_eq!(reached.len(), registered.len() * Phase::ALL.len());
}
