//! The sample customers, made by the same use cases that real ones go through.

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use app::{
    Cx, Problem,
    conversations::open_checkout::open_checkout,
    fixtures,
    sessions::{self, Client},
    use_cases::{
        accounts::{
            choose_password::{choose_password, credentials},
            finish_registration_data::finish_registration_data,
            log_out::log_out,
            save_registration_step::{Answers, save_registration_step},
            start_registration::start_registration,
        },
        agreements::{
            give_mailbox::{GiveMailbox, give_mailbox},
            name_body::name_body,
        },
        operators::{
            create_operator::{NewOperator, create_operator},
            sign_in::{self, Attempt, Proof},
        },
        orders::{
            assign_holders::{RowHolder, assign_holders},
            cart,
            check_name::TypedName,
            place_order::{PlaceOrder, place_order},
            set_names::{NamesOutcome, set_names},
            start_cart::{StartCart, start_cart},
        },
        wallet::start_top_up::{StartTopUp, start_top_up},
    },
};
use domain::{
    actor::Actor,
    id::{AttemptId, OrderId},
    order::cart::HolderChoice,
    party::{SubjectKind, Typed},
};
use ports::Ports;
use render::{Msg, pages::demo::Role};
use serde::{Deserialize, Serialize};

use super::say;

/// Opens nothing real, and is printed at every start.
const PASSWORD: &str = "Ceralacca-2026!";

/// Username of the sample operator.
pub const OPERATOR: &str = "operatore";

/// Name of the list of sample users in the data folder.
pub const FILE: &str = "demo-users.json";

/// What is kept of a sample user, for the next start.
#[derive(Serialize, Deserialize)]
struct Kept {
    role: String,
    user: String,
    href: String,
}

struct Sample {
    role: &'static str,
    kind: SubjectKind,
    data: &'static [(&'static str, &'static str)],
    email: &'static str,
    mobile: &'static str,
}

const SAMPLES: [Sample; 4] = [
    Sample {
        role: "person",
        kind: SubjectKind::Person,
        data: &[
            ("first_name", "Giulia"),
            ("last_name", "Bianchi"),
            ("fiscal_code", "BNCGLI85C52H501R"),
            ("birth_date", "12/3/1985"),
            ("birth_place", "Roma"),
            ("sex", "F"),
            ("street", "Via Appia Nuova"),
            ("street_number", "12"),
            ("postal_code", "00183"),
            ("municipality", "Roma"),
            ("province", "RM"),
            ("country", "IT"),
        ],
        email: "giulia.bianchi@example.it",
        mobile: "3331234567",
    },
    Sample {
        role: "company",
        kind: SubjectKind::Company,
        data: &[
            ("organisation", "Ferrari Forniture S.r.l."),
            ("first_name", "Marco"),
            ("last_name", "Ferrari"),
            ("fiscal_code", "FRRMRC78E15F205B"),
            ("vat_number", "02765430158"),
            ("birth_date", "15/5/1978"),
            ("birth_place", "Milano"),
            ("sex", "M"),
            ("street", "Via Dante"),
            ("street_number", "4"),
            ("postal_code", "20121"),
            ("municipality", "Milano"),
            ("province", "MI"),
            ("country", "IT"),
            ("invoice_code", "M5UXCR1"),
        ],
        email: "marco.ferrari@example.it",
        mobile: "3397654321",
    },
    Sample {
        role: "new",
        kind: SubjectKind::Person,
        data: &[
            ("first_name", "Luca"),
            ("last_name", "Conti"),
            ("fiscal_code", "CNTLCU90L05D612A"),
            ("birth_date", "5/7/1990"),
            ("birth_place", "Firenze"),
            ("sex", "M"),
            ("street", "Via dei Neri"),
            ("street_number", "7"),
            ("postal_code", "50122"),
            ("municipality", "Firenze"),
            ("province", "FI"),
            ("country", "IT"),
        ],
        email: "luca.conti@example.it",
        mobile: "3480001122",
    },
    Sample {
        role: "body",
        kind: SubjectKind::PublicBody,
        data: &[
            ("organisation", "Ordine dei Geometri di Esempio"),
            ("first_name", "Elena"),
            ("last_name", "Marini"),
            ("body_code", BODY_CODE),
            ("street", "Via Nazionale"),
            ("street_number", "10"),
            ("postal_code", "00184"),
            ("municipality", "Roma"),
            ("province", "RM"),
            ("country", "IT"),
            ("office_code", "UFABC1"),
        ],
        email: "segreteria@ordine.example.it",
        mobile: "3331010101",
    },
];

/// Fiscal code of the sample body.
const BODY_CODE: &str = "80012340156";

/// Loads catalogue, customers and orders into fresh data; on data that have them it only tells who is there.
///
/// # Errors
/// When a use case refuses, or the list of users cannot be kept.
pub async fn load(cx: &Cx, ports: &Ports, data: &Path) -> Result<Vec<Role>> {
    let file = data.join(FILE);
    fixtures::load_catalogue(cx).await.map_err(refused("sample catalogue"))?;
    fixtures::load_agreement(cx).await.map_err(refused("sample agreement"))?;
    let kept: Vec<Kept> = match std::fs::read(&file) {
        Ok(bytes) => serde_json::from_slice(&bytes).with_context(|| file.display().to_string())?,
        Err(_) => {
            say(format_args!("making sample customers and orders"));
            let kept = make(cx, ports).await?;
            std::fs::write(&file, serde_json::to_vec_pretty(&kept)?).with_context(|| file.display().to_string())?;
            kept
        }
    };
    let role = |k: Kept| Role {
        words: Msg::new(format!("demo-role-{}", k.role)),
        user: k.user,
        password: PASSWORD.into(),
        href: k.href,
    };
    Ok(kept.into_iter().map(role).collect())
}

fn refused(what: &'static str) -> impl Fn(Problem) -> anyhow::Error {
    move |problem| anyhow!("{what}: {problem}")
}

async fn make(cx: &Cx, ports: &Ports) -> Result<Vec<Kept>> {
    let mut kept = Vec::new();
    for sample in &SAMPLES {
        let (user, actor) = register(cx, sample).await.map_err(refused(sample.role))?;
        let cx = cx.by(actor);
        match sample.role {
            "person" => {
                let paid =
                    order(&cx, "card", &["giulia.bianchi", "bianchi.giulia"]).await.map_err(refused("sample order"))?;
                pay(&cx, ports, paid).await?;
            }
            "company" => {
                order(&cx, "card", &["ferrari.forniture"]).await.map_err(refused("sample order"))?;
                order(&cx, "bank_transfer", &["ferrari.acquisti"]).await.map_err(refused("sample order"))?;
            }
            "body" => name_body(&cx.by(Actor::System), fixtures::AGREEMENT, BODY_CODE)
                .await
                .map_err(refused("sample body"))?,
            _ => {}
        }
        kept.push(Kept { role: sample.role.into(), user, href: "/login".into() });
    }
    kept.push(Kept { role: "member".into(), user: member(cx, ports).await?, href: "/login".into() });
    operator(cx).await.map_err(refused("sample operator"))?;
    kept.push(Kept { role: "operator".into(), user: OPERATOR.into(), href: "/office/login".into() });
    Ok(kept)
}

/// A member of the sample body with his mailbox and the credit of the old guide, paid at the simulated gateway.
async fn member(cx: &Cx, ports: &Ports) -> Result<String> {
    let data = [
        ("first_name", "Mario"),
        ("last_name", "Rossi"),
        ("fiscal_code", "RSSMRA79B11C566R"),
        ("birth_date", "11/2/1979"),
        ("birth_place", "Cesano Maderno"),
        ("sex", "M"),
        ("street", "Via Roma"),
        ("street_number", "1"),
        ("postal_code", "00184"),
        ("municipality", "Roma"),
        ("province", "RM"),
        ("country", "IT"),
        ("email", "mario.rossi@example.it"),
        ("email_again", "mario.rossi@example.it"),
        ("mobile", "3331112233"),
    ];
    let given = GiveMailbox {
        agreement: fixtures::AGREEMENT.into(),
        plan: "standard".into(),
        name: "mario.rossi".into(),
        member: Typed::from_pairs(data),
        password: Some(PASSWORD.into()),
    };
    let mailbox = give_mailbox(cx, given).await.map_err(refused("sample member"))?;
    let holder = cx.by(Actor::Mailbox { mailbox });
    let asked = StartTopUp { mailbox, amount: "8,48".into(), wanted: None, key: "sample-credit".into() };
    let order = start_top_up(&holder, asked).await.map_err(refused("sample credit"))?;
    pay(&holder, ports, order).await?;
    Ok(format!("mario.rossi@{}", fixtures::AGREEMENT_DOMAIN))
}

/// Makes the operator and signs in once, so that password and authenticator app are set.
async fn operator(cx: &Cx) -> Result<(), Problem> {
    let typed = NewOperator { username: OPERATOR.into(), name: "Sara Conti".into(), role: "admin".into() };
    let made = create_operator(cx, typed).await?;
    let client = Client { ip: "127.0.0.1".into(), user_agent: "demonstration".into() };
    let attempt = Attempt { username: OPERATOR.into(), password: made.password, captcha: None, client: client.clone() };
    let visitor = cx.by(Actor::Visitor);
    let secret = sign_in::give_password(&visitor, attempt).await?;
    let waiting = sign_in::waiting(&visitor, &secret).await?.ok_or_else(Problem::not_found)?;
    let app = waiting.enrolment.ok_or_else(Problem::not_found)?;
    let proof =
        Proof { code: app.code(cx.now()), password: PASSWORD.into(), again: PASSWORD.into(), previous: None, client };
    let session = sign_in::give_code(&visitor, &secret, proof).await?;
    log_out(&visitor, session).await
}

async fn register(cx: &Cx, sample: &Sample) -> Result<(String, Actor), Problem> {
    let secret = start_registration(cx, None, sample.kind, None).await?;
    let typed = Typed::from_pairs(sample.data.iter().copied());
    save_registration_step(cx, secret.clone(), Answers::Data(typed)).await?;
    let contacts = [("email", sample.email), ("email_again", sample.email), ("mobile", sample.mobile)];
    let typed = Typed::from_pairs(contacts);
    let answers = Answers::Contacts { typed, question: String::new(), answer: String::new() };
    save_registration_step(cx, secret.clone(), answers).await?;
    save_registration_step(cx, secret.clone(), Answers::Consents { privacy: true, marketing: Some(false) }).await?;
    finish_registration_data(cx, secret.clone(), "127.0.0.1".into()).await?;
    let user = credentials(cx, &secret).await?.username;
    let client = Client { ip: "127.0.0.1".into(), user_agent: "demonstration".into() };
    let chosen = choose_password(cx, secret, PASSWORD.into(), PASSWORD.into(), client).await?;
    let session = sessions::find(cx, &chosen.session).await?.ok_or_else(Problem::not_found)?;
    Ok((user, session.actor))
}

async fn order(cx: &Cx, method: &str, names: &[&str]) -> Result<OrderId, Problem> {
    let start = StartCart { plan: "standard".into(), quantity: names.len() as i64, token: None };
    let token = start_cart(cx, start).await?;
    let typed: Vec<_> =
        names.iter().map(|n| TypedName { name: (*n).into(), domain: fixtures::DOMAINS[0].into() }).collect();
    if set_names(cx, &token, &typed).await? != NamesOutcome::Saved {
        return Err(Problem::refused("names-taken"));
    }
    let row = || RowHolder { holder: Some(HolderChoice::Account), password_email: "caselle@example.it".into() };
    assign_holders(cx, &token, &names.iter().map(|_| row()).collect::<Vec<_>>()).await?;
    let cart = cart::open(cx, &token).await?;
    let (_, quote) = cart::price(cx, &cart, 1).await?;
    let confirm = PlaceOrder {
        token,
        version: cart.version,
        years: 1,
        payment_method: method.into(),
        shown: quote.gross,
        accept_conditions: true,
        accept_unfair_terms: true,
        ip: None,
        user_agent: None,
    };
    Ok(place_order(cx, confirm).await?.order)
}

/// Pays at the simulated gateway as a person would; its event arrives once the pages are served.
async fn pay(cx: &Cx, ports: &Ports, order: OrderId) -> Result<()> {
    let address = open_checkout(cx, ports, order, app::use_cases::payments::Means::Card)
        .await
        .map_err(refused("sample payment"))?;
    let attempt: AttemptId = address.rsplit('/').next().unwrap_or_default().parse().context("sample payment")?;
    let gateway = ports.play().context("the demonstration pays at the simulated gateway")?;
    Ok(gateway.choose(attempt, "approve")?)
}
