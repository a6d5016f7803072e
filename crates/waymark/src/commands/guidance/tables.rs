//! `waymark guidance tables`: the guidance as tables that a reviewer reads, marks and hands back.

use std::io::{self, Write as _};
use std::path::Path;

use guidance::Pack;
use guidance::words::RuleWords;

use crate::pack;
use crate::page::words::due;
use crate::stop::Done;

/// Prints all tables.
///
/// # Errors
/// A pack that cannot be read or is refused.
pub fn run(csv: bool, folder: Option<&Path>) -> Done {
    let pack = pack::load(folder)?;
    let tables = tables(&pack);
    let mut out = io::stdout().lock();
    if csv {
        out.write_all(as_csv(&tables).as_bytes())?;
    } else {
        out.write_all(as_markdown(&pack, &tables).as_bytes())?;
    }
    Ok(out.flush()?)
}

/// A table: what it is about, its columns, its rows.
struct Table {
    title: &'static str,
    columns: &'static [&'static str],
    rows: Vec<Vec<String>>,
}

const RULE: &[&str] = &["id", "applies to", "when", "then", "in words", "sources", "written in"];

fn tables(pack: &Pack) -> Vec<Table> {
    let of = |title, wanted: &dyn Fn(&RuleWords) -> bool| Table {
        title,
        columns: RULE,
        rows: pack.rules().iter().filter(|rule| wanted(rule)).map(rule_row).collect(),
    };
    let starts = |prefix: &'static str| move |rule: &RuleWords| rule.id.starts_with(prefix);
    let other = |rule: &RuleWords| {
        !["duty-", "device-", "outcome-", "crime-", "contradiction-"].iter().any(|prefix| rule.id.starts_with(prefix))
    };
    vec![
        of("What makes it experimental or aggravated", &other),
        Table {
            title: "Duties",
            columns: &["id", "applies to", "when", "what", "strength", "due", "who", "shown by", "sources"],
            rows: duty_rows(pack),
        },
        of("Devices", &starts("device-")),
        of("Outcomes", &starts("outcome-")),
        of("Crime classes", &starts("crime-")),
        of("Answers that cannot all be right", &starts("contradiction-")),
        Table {
            title: "Questions",
            columns: &["fact", "group", "question", "asked while", "help", "why we ask", "answers", "sources"],
            rows: question_rows(pack),
        },
        Table {
            title: "Statements of the guidance",
            columns: &["id", "section", "what it asks", "rules", "questions", "pages and documents"],
            rows: statement_rows(pack),
        },
    ]
}

fn rule_row(rule: &RuleWords) -> Vec<String> {
    vec![
        rule.id.clone(),
        rule.scope.clone(),
        rule.when.clone(),
        rule.then.clone(),
        rule.says.clone(),
        rule.cites.join(", "),
        format!("{}:{}", rule.file, rule.line),
    ]
}

fn duty_rows(pack: &Pack) -> Vec<Vec<String>> {
    let when = |id: &str| {
        pack.rules()
            .iter()
            .find(|rule| rule.id.strip_prefix("duty-") == Some(id))
            .map_or_else(String::new, |rule| rule.when.clone())
    };
    let row = |duty: &guidance::words::DutyWords| {
        vec![
            duty.id.clone(),
            duty.scope.clone(),
            when(&duty.id),
            format!("{}. {}", duty.title, duty.says),
            duty.strength.clone(),
            due(&duty.due),
            duty.who.clone(),
            duty.evidence.clone(),
            duty.cites.join(", "),
        ]
    };
    pack.duties().iter().map(row).collect()
}

fn question_rows(pack: &Pack) -> Vec<Vec<String>> {
    let row = |question: &guidance::words::Question| {
        let answers: Vec<&str> = question.options.iter().map(|option| option.words.as_str()).collect();
        vec![
            question.fact.clone(),
            question.section.clone(),
            question.words.clone(),
            question.asked_while.clone(),
            question.hint.clone(),
            question.why.clone(),
            answers.join("; "),
            question.cites.join(", "),
        ]
    };
    pack.questions().iter().map(row).collect()
}

fn statement_rows(pack: &Pack) -> Vec<Vec<String>> {
    let row = |statement: &guidance::words::Statement| {
        let rules: Vec<&str> = pack
            .rules()
            .iter()
            .filter(|rule| rule.cites.contains(&statement.id))
            .map(|rule| rule.id.as_str())
            .collect();
        let questions: Vec<&str> = pack
            .questions()
            .iter()
            .filter(|question| question.cites.contains(&statement.id))
            .map(|question| question.fact.as_str())
            .collect();
        vec![
            statement.id.clone(),
            statement.section.clone(),
            statement.says.clone(),
            rules.join(", "),
            questions.join(", "),
            statement.carried_by.join(", "),
        ]
    };
    pack.statements().iter().map(row).collect()
}

fn as_markdown(pack: &Pack, tables: &[Table]) -> String {
    let mut text =
        format!("# {}, version {}\n\n`{}`\n", pack.title(), pack.reference().version, pack.reference().digest);
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let cell = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
    for table in tables {
        let columns: Vec<String> = table.columns.iter().map(|column| (*column).to_owned()).collect();
        text.push_str(&format!("\n## {}\n\n{}", table.title, line(&columns)));
        text.push_str(&line(&vec!["---".to_owned(); columns.len()]));
        for row in &table.rows {
            text.push_str(&line(&row.iter().map(cell).collect::<Vec<_>>()));
        }
    }
    text
}

/// One table for all, the first column saying which. With the mark that lets spreadsheets see UTF-8, and line ends as they want them.
fn as_csv(tables: &[Table]) -> String {
    let mut columns: Vec<&str> = vec!["table"];
    for column in tables.iter().flat_map(|table| table.columns) {
        if !columns.contains(column) {
            columns.push(column);
        }
    }
    let mut text = String::from("\u{feff}");
    let mut line = |cells: &[String]| {
        text.push_str(&cells.iter().map(|cell| csv_cell(cell)).collect::<Vec<_>>().join(","));
        text.push_str("\r\n");
    };
    line(&columns.iter().map(|column| (*column).to_owned()).collect::<Vec<_>>());
    for table in tables {
        for row in &table.rows {
            let cell = |column: &&str| match table.columns.iter().position(|own| own == column) {
                Some(at) => row.get(at).map_or_else(String::new, |cell| cell.trim().to_owned()),
                None if *column == "table" => table.title.to_owned(),
                None => String::new(),
            };
            line(&columns.iter().map(cell).collect::<Vec<_>>());
        }
    }
    text
}

/// Quoted, and with an apostrophe before what a spreadsheet would take for a formula.
fn csv_cell(cell: &str) -> String {
    let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::csv_cell;

    #[test]
    fn no_cell_is_a_formula_and_quotes_stay_inside() {
        for formula in ["=1+1", "+1", "-1", "@a", "\tx"] {
            assert_eq!(csv_cell(formula), format!("\"'{formula}\""));
        }
        assert_eq!(csv_cell("say \"no\""), "\"say \"\"no\"\"\"");
        assert_eq!(csv_cell("G44"), "\"G44\"");
    }
}
