//! Gives a mailbox of an agreement to a member of the body: his record, the order of 0.00, the mailbox itself.

use domain::{
    actor::Actor,
    address::{Availability, availability},
    agreement::{RenewalKind, has_room},
    audit::AuditLine,
    catalogue::{Plan, Price, price_in_force},
    effect::EffectRequest,
    id::{LoginId, MailboxId, OrderId, OrderLineId, PartyId},
    ident::{local_part::LocalPart, password::unmet},
    money::Money,
    order::pricing::{Quote, quote},
    party::{self, Contacts, SubjectData, SubjectKind, Typed},
    renewal::Way,
};
use serde_json::json;
use store::{
    WriteTx, addresses, agreements as rows,
    agreements::AgreementRow,
    catalogue, logins,
    orders::NewSettled,
    parties::{self, NewParty},
};

use crate::{
    Cx, FieldProblem, Problem,
    use_cases::{
        accounts::registration::refused,
        orders::texts::{EffectText, LineText},
    },
};

/// The payment method of what a body has arranged: it is invoiced to the body, not paid here.
pub const BY_AGREEMENT: &str = "agreement";

/// What the body tells of a member.
#[derive(Clone)]
pub struct GiveMailbox {
    pub agreement: String,
    pub plan: String,
    /// Before the `@` of the agreement's certified domain.
    pub name: String,
    /// A natural person with e-mail and telephone, as in a registration.
    pub member: Typed,
    /// Handed out by the body; without it the member gets the link for the first one.
    pub password: Option<String>,
}

/// Writes the mailbox; it becomes active as bought ones do. A member who is known already keeps his record and his
/// wallet, and his mailboxes of agreements stand together.
///
/// # Errors
/// `invalid` with the member's fields, `name`, `password`; `agreement-unknown`, `agreement-closed`,
/// `agreement-full`, `plan-not-on-sale`; `Forbidden` to customers.
pub async fn give_mailbox(cx: &Cx, input: GiveMailbox) -> Result<MailboxId, Problem> {
    if !matches!(cx.actor, Actor::System | Actor::Operator { .. }) {
        return Err(Problem::forbidden());
    }
    let gift = Gift::new(cx, input).await?;
    let cx_in = cx.clone();
    cx.write(async move |tx| {
        let offer = Offer::of(tx, &cx_in, &gift.input.agreement).await?;
        gift.give(tx, &cx_in, &offer, 0).await
    })
    .await
}

async fn hash(cx: &Cx, password: &str, tax_key: &str) -> Result<String, Problem> {
    let policy = &cx.settings().password_policy;
    match unmet(password, &[tax_key], policy).first() {
        None => cx.hashing().hash(password, cx.random()).await,
        Some(criterion) => Err(Problem::invalid(vec![
            FieldProblem::new("password", criterion.code())
                .with("min", policy.min_length)
                .with("max", policy.max_length),
        ])),
    }
}

/// An agreement with its plans and prices, as it is in one transaction.
pub(crate) struct Offer {
    agreement: AgreementRow,
    plans: Vec<Plan>,
    prices: Vec<Price>,
}
impl Offer {
    /// Reads it.
    ///
    /// # Errors
    /// `agreement-unknown`, `agreement-closed`; the store's.
    pub(crate) async fn of(tx: &mut WriteTx, cx: &Cx, code: &str) -> Result<Self, Problem> {
        let agreement = rows::by_code(tx, code).await?.ok_or_else(|| Problem::refused("agreement-unknown"))?;
        if !agreement.validity().may_buy(cx.now().date()) {
            return Err(Problem::refused("agreement-closed"));
        }
        let plans = catalogue::plans(tx).await?;
        let prices = catalogue::prices(tx, &agreement.price_list, cx.now()).await?;
        Ok(Self { agreement, plans, prices })
    }

    fn quote(&self, cx: &Cx, plan: &str) -> Result<(&Plan, Quote), Problem> {
        let off = || Problem::refused("plan-not-on-sale");
        let plan = self.plans.iter().find(|p| p.code == plan).ok_or_else(off)?;
        let price = price_in_force(&self.prices, &plan.code, cx.now()).ok_or_else(off)?;
        // Whatever the body owes for it is settled under the agreement.
        let included = Price { unit_net: Money::ZERO, ..price.clone() };
        Ok((plan, quote(&included, 1, self.agreement.years)))
    }
}

/// A mailbox to be given, checked as far as it can be without the agreement.
pub(crate) struct Gift {
    input: GiveMailbox,
    data: SubjectData,
    contacts: Contacts,
    name: LocalPart,
    password_hash: Option<String>,
    number: String,
    login_number: i64,
}

impl Gift {
    /// Checks what was told of the member, and takes the numbers that the order and a login may need.
    ///
    /// # Errors
    /// `invalid` with the member's fields, `name`, `password`.
    pub(crate) async fn new(cx: &Cx, input: GiveMailbox) -> Result<Self, Problem> {
        let data = party::check_subject(SubjectKind::Person, &input.member, cx.now().date()).map_err(refused)?;
        let contacts = party::check_contacts(&input.member).map_err(refused)?;
        let name = LocalPart::parse::<&str>(&input.name, &[])
            .map_err(|refusal| Problem::invalid_field("name", refusal.code()))?;
        let password_hash = match &input.password {
            Some(password) => Some(hash(cx, password, data.tax_key()).await?),
            None => None,
        };
        let (year, _, _) = cx.now().date().ymd();
        let number = format!("{year}-{:06}", cx.next_number("order").await?);
        let login_number = cx.next_number("login").await?;
        Ok(Self { input, data, contacts, name, password_hash, number, login_number })
    }

    /// Writes the mailbox; `before` others were given in the same transaction since the offer was read.
    ///
    /// # Errors
    /// `invalid` with the field `name`; `agreement-full`, `plan-not-on-sale`; the store's.
    pub(crate) async fn give(
        &self,
        tx: &mut WriteTx,
        cx: &Cx,
        offer: &Offer,
        before: i64,
    ) -> Result<MailboxId, Problem> {
        let agreement = &offer.agreement;
        if !has_room(agreement.mailboxes + before, agreement.mailbox_quota) {
            return Err(Problem::refused("agreement-full"));
        }
        let (plan, quote) = offer.quote(cx, &self.input.plan)?;
        let address = format!("{}@{}", self.name, agreement.domain);
        let entry = addresses::find(tx, &address).await?.map(|row| row.entry()).transpose()?;
        let again = match availability(entry.as_ref(), Some(self.data.tax_key())) {
            Availability::Free => false,
            Availability::FreeForFormerHolder => true,
            Availability::Taken => return Err(Problem::invalid_field("name", "name-lost")),
        };
        let party = self.party(tx, cx).await?;
        let login = self.login(tx, cx, party).await?;
        self.write(tx, cx, agreement, (plan, &quote), (&address, again), (party, login)).await
    }

    async fn party(&self, tx: &mut WriteTx, cx: &Cx) -> Result<PartyId, Problem> {
        let (data, contacts) = (&self.data, &self.contacts);
        if let Some(known) = parties::by_tax_key(tx, data.tax_key()).await? {
            return Ok(PartyId::from_uuid(known.id));
        }
        let id: PartyId = cx.new_id();
        let (display_name, email_key, details) = (data.display_name(), contacts.email_key(), data.details_json());
        let row = NewParty {
            id: id.uuid(),
            kind: data.kind.as_str(),
            tax_key: data.tax_key(),
            display_name: &display_name,
            first_name: &data.first_name,
            last_name: &data.last_name,
            organisation: data.organisation.as_deref(),
            fiscal_code: data.fiscal_code.as_deref(),
            vat_number: data.vat_number.as_deref(),
            email: &contacts.email,
            email_key: &email_key,
            phone: contacts.phone.as_deref(),
            mobile: contacts.mobile.as_deref(),
            locale: cx.locale.code(),
            secret_question: None,
            secret_answer_hash: None,
            details: &details,
            now: cx.now().micros(),
        };
        parties::insert(tx, &row).await?;
        Ok(id)
    }

    /// The login that orders and mailboxes stand under. Nobody ever signs in with it: the mailbox and its password
    /// are the only way in (domain notes 0.2).
    async fn login(&self, tx: &mut WriteTx, cx: &Cx, party: PartyId) -> Result<LoginId, Problem> {
        if let Some(known) = rows::login_of(tx, party).await? {
            return Ok(known);
        }
        let id: LoginId = cx.new_id();
        let username = format!("{}@{}", self.login_number, cx.settings().realm);
        let now = cx.now().micros();
        logins::insert(tx, id.uuid(), party.uuid(), (self.login_number, &username), "closed", None, now).await?;
        Ok(id)
    }

    async fn write(
        &self,
        tx: &mut WriteTx,
        cx: &Cx,
        agreement: &AgreementRow,
        (plan, quote): (&Plan, &Quote),
        (address, again): (&str, bool),
        (party, login): (PartyId, LoginId),
    ) -> Result<MailboxId, Problem> {
        let now = cx.now();
        let (mailbox, order, line): (MailboxId, OrderId, OrderLineId) = (cx.new_id(), cx.new_id(), cx.new_id());
        let requests = self.requests(cx, mailbox);
        let wishes: Vec<_> = requests.iter().map(|r| EffectText::new(cx, r)).collect();
        let details = json!({ "agreement": agreement.code, "address": address });
        let audited = AuditLine::new("mailbox.given", "mailbox", mailbox.uuid(), details);
        let audited = LineText::new(cx, &audited);
        let (tax_key, holder_name, today) = (self.data.tax_key(), self.data.display_name(), now.date());
        let billing = json!({ "name": agreement.body_name, "invoiced": agreement.invoiced }).to_string();
        let kind = RenewalKind::parse(&agreement.renewal_kind);
        let kind = kind.ok_or_else(|| Problem::broken("renewal kind of an agreement"))?;
        let member = rows::NewMember {
            mailbox,
            agreement: &agreement.code,
            renewal_kind: &agreement.renewal_kind,
            address,
            again,
            domain: &agreement.domain,
            holder_tax_key: tax_key,
            holder_name: &holder_name,
            email: &self.contacts.email,
            password_hash: self.password_hash.as_deref(),
            space_mib: plan.space_mib,
            archive_mib: plan.archive_mib,
            quote,
            line,
            start: today,
            end: today.plus_years(agreement.years as i32),
            auto_renew: kind == RenewalKind::ByBody,
            way: Way::of_agreement(kind),
            order: NewSettled {
                id: order,
                number: &self.number,
                kind: "purchase",
                state: "activating",
                party,
                login,
                mailbox: None,
                years: agreement.years,
                net: quote.net,
                vat: quote.vat,
                payment_method: BY_AGREEMENT,
                billing: &billing,
                at: now,
                paid: true,
                closed: false,
            },
            effects: &wishes.iter().map(EffectText::row).collect::<Vec<_>>(),
            audit: audited.row(),
        };
        rows::give(tx, &member).await.map_err(|e| match e {
            e if e.is_duplicate_of("addresses.address") => Problem::invalid_field("name", "name-lost"),
            e => e.into(),
        })?;
        Ok(mailbox)
    }

    fn requests(&self, cx: &Cx, mailbox: MailboxId) -> Vec<EffectRequest> {
        let request = |kind, subject_kind, payload, dedup_key| EffectRequest {
            kind,
            subject_kind,
            subject_id: mailbox.uuid(),
            payload,
            dedup_key,
            run_at: cx.now(),
        };
        let made = request("provision", "mailbox", json!({ "mailbox": mailbox }), Some(format!("provision:{mailbox}")));
        // A mailbox keeps the identifier under which it was ordered.
        let place = mailbox.cast::<domain::id::OrderMailbox>();
        let link = request("send_password_link", "order_mailbox", json!({ "order_mailbox": place }), None);
        if self.password_hash.is_some() { vec![made] } else { vec![made, link] }
    }
}
