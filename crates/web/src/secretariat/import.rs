//! A file of members: uploaded, judged, confirmed, followed while it is worked off.

use app::{
    Problem,
    queries::secretariat as queries,
    rows::{ImportLineRow, MemberImportRow},
    use_cases::agreements::import_members::{
        COLUMNS, Fault, MEMBERS, confirm_members, drop_members, member_import, upload_members,
    },
};
use axum::extract::{FromRequest, Path, RawQuery, Request, State};
use domain::id::MemberImportId;
use render::{
    Form, Msg, Tone,
    pages::secretariat::{
        AgreementLine, MemberFault, Preview, PreviewLine, Progress, Refused, Upload as UploadPage, UploadLine,
    },
};

use super::{agreement_line, counted, members::download};
use crate::{
    Answer, AppState, Customer, FormData,
    answer::{mendable, with_problem},
    customer::mailboxes::harmless,
    form as forms,
    upload::Upload,
};

/// The file, and what a browser writes around it.
pub(super) const UPLOAD_MAX: usize = MEMBERS.max_bytes + 64 * 1024;
/// Wrong lines on one page.
const FAULTS: i64 = 100;
/// Lines that a preview shows.
const FIRST: i64 = 10;

pub(super) async fn form(customer: Customer, Path(code): Path<String>) -> Answer {
    page(&customer, &code, Form::new()).await
}

async fn page(customer: &Customer, code: &str, form: Form) -> Answer {
    let visit = &customer.visit;
    let agreement = queries::agreement(&visit.cx, code).await?;
    let plans = queries::plans(&visit.cx, &agreement).await?;
    let before = queries::imports(&visit.cx, code).await?.into_iter().map(|i| UploadLine {
        id: i.id.to_string(),
        state: i.state,
        at: i.created_at,
        members: i.members,
        made: i.made,
        failed: i.failed,
    });
    visit.page(&UploadPage {
        before: before.collect(),
        agreement: agreement_line(agreement, visit.cx.now().date()),
        columns: COLUMNS.map(Into::into).into(),
        plans: plans.into_iter().map(|p| p.name).collect(),
        max_rows: MEMBERS.max_rows,
        max_mib: (MEMBERS.max_bytes / 1024 / 1024) as i64,
        form,
    })
}

/// Two members of nowhere, as a spreadsheet opens them.
pub(super) async fn template(customer: Customer, Path(code): Path<String>) -> Answer {
    queries::agreement(&customer.visit.cx, &code).await?;
    let mut csv = csv::WriterBuilder::new().delimiter(b';').from_writer(vec![]);
    let lines = [
        COLUMNS,
        [
            "anna.rossi",
            "RSSNNA90E47Z110T",
            "Anna",
            "Rossi",
            "Via dei Serpenti 12",
            "00184",
            "Roma",
            "RM",
            "anna@example.org",
            "333 1234567",
            "",
        ],
        [
            "giulia.bianchi",
            "BNCGLI85C52H501R",
            "Giulia",
            "Bianchi",
            "Via Appia Nuova 30",
            "00183",
            "Roma",
            "RM",
            "giulia@example.org",
            "333 7654321",
            "standard",
        ],
    ];
    for line in lines {
        csv.write_record(line).map_err(Problem::broken)?;
    }
    download("iscritti-modello.csv", csv)
}

/// Who may not is told so before anything of the file is read.
pub(super) async fn upload(
    customer: Customer,
    Path(code): Path<String>,
    State(state): State<AppState>,
    request: Request,
) -> Answer {
    let visit = &customer.visit;
    queries::agreement(&visit.cx, &code).await?;
    let upload = Upload::from_request(request, &state).await?;
    if upload.file.is_empty() {
        let form = Form::new().with_error("file", Msg::problem("import-file-missing"));
        return page(&customer, &code, form).await;
    }
    match upload_members(&visit.cx, &code, &upload.file).await {
        Ok(id) => visit.go(&format!("/account/agreements/{code}/imports/{id}")),
        Err(mut p) if mendable(&p) => {
            // The reader calls the whole file its lines.
            p.fields.iter_mut().for_each(|f| f.field = "file".into());
            page(&customer, &code, with_problem(Form::new(), &p)).await
        }
        Err(p) => Err(p.into()),
    }
}

fn import_id(text: &str) -> Result<MemberImportId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

pub(super) async fn show(
    customer: Customer,
    Path((code, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let cx = &customer.visit.cx;
    let found = member_import(cx, &code, import_id(&id)?).await?;
    if found.state == "checked" {
        return preview(&customer, &code, found, Form::new()).await;
    }
    let asked = query.and_then(|q| forms::parse(q.as_bytes())).unwrap_or_default();
    let agreement = agreement_line(queries::agreement(cx, &code).await?, cx.now().date());
    let after = asked.number("after").unwrap_or(0);
    let rows = queries::import_faults(cx, found.id, after, FAULTS).await?;
    let here = format!("/account/agreements/{code}/imports/{id}");
    let more = rows.last().filter(|_| rows.len() as i64 == FAULTS).map(|r| format!("{here}?after={}", r.line));
    let faults = told(&rows)?;
    if found.state == "refused" {
        let (members, wrong, windows) = (found.members, found.failed, found.windows);
        return customer.visit.page(&Refused { agreement, id, members, wrong, windows, faults, more });
    }
    customer.visit.page(&progress(agreement, found, faults, more))
}

fn progress(agreement: AgreementLine, i: MemberImportRow, faults: Vec<MemberFault>, more: Option<String>) -> Progress {
    Progress {
        agreement,
        id: i.id.to_string(),
        state: i.state,
        members: i.members,
        made: i.made,
        failed: i.failed,
        percent: (i.made + i.failed) * 100 / i.members.max(1),
        faults,
        more,
    }
}

/// Each wrong cell of these lines.
fn told(rows: &[ImportLineRow]) -> Result<Vec<MemberFault>, Problem> {
    let mut out = Vec::new();
    for row in rows {
        let faults: Vec<Fault> =
            serde_json::from_str(row.faults.as_deref().unwrap_or("[]")).map_err(Problem::broken)?;
        out.extend(faults.into_iter().map(|f| {
            let words = f.args.iter().fold(Msg::problem(&f.code), |m, (name, value)| m.arg(name, value.clone()));
            MemberFault { line: row.line, column: f.column, value: f.value, words }
        }));
    }
    Ok(out)
}

async fn preview(customer: &Customer, code: &str, i: MemberImportRow, form: Form) -> Answer {
    let visit = &customer.visit;
    let agreement = queries::agreement(&visit.cx, code).await?;
    let counts = queries::counts(&visit.cx, &agreement).await?;
    let (plans, first) = queries::import_preview(&visit.cx, i.id, FIRST).await?;
    let today = visit.cx.now().date();
    let line =
        |l: ImportLineRow| PreviewLine { line: l.line, address: l.address, holder: l.holder_name, plan: l.plan_name };
    visit.page(&Preview {
        end: today.plus_years(agreement.years as i32),
        agreement: counted(agreement, &counts, today),
        id: i.id.to_string(),
        members: i.members,
        windows: i.windows,
        plans: plans.into_iter().map(|p| (p.name, p.count)).collect(),
        first: first.into_iter().map(line).collect(),
        form,
    })
}

pub(super) async fn decide(customer: Customer, Path((code, id)): Path<(String, String)>, form: FormData) -> Answer {
    let (visit, id) = (&customer.visit, import_id(&id)?);
    let done = match form.get("choice") {
        "drop" => drop_members(&visit.cx, &code, id).await,
        "confirm" => confirm_members(&visit.cx, &code, id).await,
        _ => member_import(&visit.cx, &code, id).await.map(|_| ()),
    };
    match done {
        Ok(()) if form.get("choice") == "drop" => {
            visit.go_saying(&format!("/account/agreements/{code}/import"), Tone::Ok, Msg::new("body-dropped-text"))
        }
        Ok(()) => visit.go(&format!("/account/agreements/{code}/imports/{id}")),
        Err(mut p) if mendable(&p) => {
            let found = member_import(&visit.cx, &code, id).await?;
            // There is no field here to which it could belong.
            let form = match p.fields.pop() {
                Some(f) => f.args.iter().fold(Msg::problem(&f.code), |m, (name, value)| m.arg(name, value.clone())),
                None => crate::answer::words(&p),
            };
            preview(&customer, &code, found, Form::new().with_problem(form)).await
        }
        Err(p) => Err(p.into()),
    }
}

/// All wrong cells, to be mended in a spreadsheet.
pub(super) async fn faults(customer: Customer, Path((code, id)): Path<(String, String)>) -> Answer {
    let visit = &customer.visit;
    let found = member_import(&visit.cx, &code, import_id(&id)?).await?;
    let words = visit.cx.renderer().words();
    let say = |msg: &Msg| words.say(visit.locale, msg);
    let mut csv = csv::WriterBuilder::new().delimiter(b';').from_writer(vec![]);
    let heads = ["import-line", "import-column", "import-value", "import-problem"].map(|key| say(&Msg::new(key)));
    csv.write_record(heads).map_err(Problem::broken)?;
    let mut after = 0;
    loop {
        let rows = queries::import_faults(&visit.cx, found.id, after, FAULTS).await?;
        let Some(last) = rows.last() else { break };
        after = last.line;
        for f in told(&rows)? {
            let cells = [&f.line.to_string(), &f.column, &f.value, &say(&f.words)].map(|c| harmless(c));
            csv.write_record(&cells).map_err(Problem::broken)?;
        }
    }
    download("errori.csv", csv)
}
