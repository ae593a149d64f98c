//! The text a customer status update starts from. People edit it, and somebody else approves it.
//!
//! Wording after PagerDuty's guide for customer liaisons
//! (<https://response.pagerduty.com/training/customer_liaison/>): what customers notice, what they can do, when we
//! speak next. No time to a fix, no host names, nobody to blame. It reads only what is written for customers.

use chrono::{DateTime, Utc};

use super::text::{clean_block, clean_line};
use super::time_tag::{Style, tag};
use super::words::{Kind, Phase, Severity};

/// No draft is longer: a Discord message takes 2,000 characters, and readers take fewer.
pub const DRAFT_MAX: usize = 1_500;

/// All a draft may know of an incident.
#[derive(Clone, Copy, Debug)]
pub struct CustomerFacts<'a> {
    /// The stage that the update speaks of.
    pub phase: Phase,
    /// How bad it is.
    pub severity: Severity,
    /// What sort of incident.
    pub kind: Kind,
    /// Affected services, as customers know them.
    pub services: &'a [String],
    /// What customers notice, in words meant for them.
    pub impact: Option<&'a str>,
    /// When customers began to notice.
    pub started_at: Option<DateTime<Utc>>,
    /// By when the next update is promised.
    pub next_update_by: Option<DateTime<Utc>>,
    /// When it was over; used in the last update alone.
    pub resolved_at: Option<DateTime<Utc>>,
}

/// A draft for customers: Discord markdown, never longer than [`DRAFT_MAX`], with no live markup from user text.
pub fn draft(facts: &CustomerFacts<'_>) -> String {
    // Hostile or endless names can grow when escaped, so there is a shorter form behind each.
    [
        Room {
            services: 5,
            name: 60,
            impact: 400,
        },
        Room {
            services: 3,
            name: 30,
            impact: 150,
        },
    ]
    .into_iter()
    .map(|room| draft_within(facts, room))
    .find(|text| text.chars().count() <= DRAFT_MAX)
    .unwrap_or_else(|| {
        draft_within(
            facts,
            Room {
                services: 0,
                name: 0,
                impact: 0,
            },
        )
    })
}

/// How much user text a draft takes.
#[derive(Clone, Copy)]
struct Room {
    services: usize,
    name: usize,
    impact: usize,
}

fn draft_within(facts: &CustomerFacts<'_>, room: Room) -> String {
    let subject = subject(facts, room);
    let impact = facts
        .impact
        .map(|impact| clean_block(impact, room.impact))
        .filter(|impact| !impact.is_empty());
    let opening = match facts.phase {
        Phase::Investigating | Phase::Identified => notice(facts.severity, facts.kind, &subject),
        Phase::Monitoring => recovering(facts.severity, facts.kind, &subject),
        Phase::Resolved => over(facts.severity, facts.kind, &subject),
    };
    let mut paragraphs = vec![opening];
    if facts.phase != Phase::Resolved {
        paragraphs.extend(impact);
    }
    paragraphs.push(format!(
        "{} {}",
        stand(facts.phase, facts.severity, facts.kind),
        advice(facts.phase, facts.kind)
    ));
    paragraphs.push(times(facts));
    paragraphs.join("\n\n")
}

/// What it is about: the services by name, else what the kind of incident usually touches.
fn subject(facts: &CustomerFacts<'_>, room: Room) -> String {
    let names: Vec<String> = facts
        .services
        .iter()
        .map(|name| clean_line(name, room.name))
        .filter(|name| !name.is_empty())
        .collect();
    if names.is_empty() || room.services == 0 {
        return match facts.kind {
            Kind::Technical | Kind::Security => "our services",
            Kind::Operational => "orders and deliveries",
            Kind::CustomerService => "orders and refunds",
        }
        .to_owned();
    }
    if names.len() > room.services {
        return format!("{} and other services", names[..room.services].join(", "));
    }
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
        None => String::new(),
    }
}

/// While it lasts: what customers notice.
fn notice(severity: Severity, kind: Kind, subject: &str) -> String {
    match (kind, severity) {
        (Kind::Technical, Severity::Critical) => {
            format!("Most customers cannot use {subject} right now.")
        }
        (Kind::Technical, Severity::Major) => {
            format!(
                "Many customers have trouble with {subject} right now. You may see errors or long waits."
            )
        }
        (Kind::Technical, Severity::Minor) => {
            format!("Some customers may notice slow responses or an occasional error in {subject}.")
        }
        (Kind::Security, Severity::Critical) => {
            format!("We are responding to a serious security issue that affects {subject}.")
        }
        (Kind::Security, Severity::Major) => {
            format!("We are responding to a security issue that affects {subject}.")
        }
        (Kind::Security, Severity::Minor) => {
            format!("We are responding to a limited security issue in {subject}.")
        }
        (Kind::Operational, Severity::Critical) => {
            format!("For most customers, {subject} cannot be handled as usual right now.")
        }
        (Kind::Operational, Severity::Major) => {
            format!("Many customers face delays with {subject} right now.")
        }
        (Kind::Operational, Severity::Minor) => {
            format!("Some customers may face short delays with {subject}.")
        }
        (Kind::CustomerService, Severity::Critical) => {
            format!("Something has gone wrong with {subject} for most of our customers.")
        }
        (Kind::CustomerService, Severity::Major) => {
            format!("Something has gone wrong with {subject} for many of our customers.")
        }
        (Kind::CustomerService, Severity::Minor) => {
            format!("Something has gone wrong with {subject} for a small number of customers.")
        }
    }
}

/// While we watch: it looks better, and we do not say more than that.
fn recovering(severity: Severity, kind: Kind, subject: &str) -> String {
    let who = match severity {
        Severity::Critical => "for most customers",
        Severity::Major => "for many customers",
        Severity::Minor => "for the customers who were affected",
    };
    match kind {
        Kind::Technical => {
            format!("Things look better now {who}: errors and waits in {subject} are going down.")
        }
        Kind::Security => {
            format!("The security issue that affects {subject} looks contained {who}.")
        }
        Kind::Operational => {
            format!("Things look better now {who}: delays with {subject} are getting shorter.")
        }
        Kind::CustomerService => format!("We have begun to put things right with {subject} {who}."),
    }
}

/// Afterwards.
fn over(severity: Severity, kind: Kind, subject: &str) -> String {
    let regret = match severity {
        Severity::Critical => "We know how much this got in your way, and we are sorry.",
        Severity::Major => "We are sorry for the trouble it caused.",
        Severity::Minor => "Thank you for your patience.",
    };
    let what = match kind {
        Kind::Technical => format!("This is over: the problem with {subject} is resolved."),
        Kind::Security => {
            format!("This is over: the security issue that affected {subject} is resolved.")
        }
        Kind::Operational => format!("This is over: the delays with {subject} are resolved."),
        Kind::CustomerService => {
            format!("This is over: what went wrong with {subject} is resolved.")
        }
    };
    format!("{what} {regret}")
}

/// What we are doing about it.
fn stand(phase: Phase, severity: Severity, kind: Kind) -> &'static str {
    match (phase, severity, kind) {
        (Phase::Investigating, Severity::Critical, _) => "Finding out why has our full attention.",
        (Phase::Investigating, ..) => "We are finding out why.",
        (Phase::Identified, _, Kind::Security) => {
            "We understand what happened and are working to contain it."
        }
        (Phase::Identified, _, Kind::Technical) => {
            "We have found what is behind it and are working on a fix."
        }
        (Phase::Identified, ..) => {
            "We have found what is behind it and are working to put it right."
        }
        (Phase::Monitoring, Severity::Critical, _) => {
            "We are watching closely before we call it over."
        }
        (Phase::Monitoring, ..) => "We are keeping an eye on it to be sure that it stays that way.",
        (Phase::Resolved, ..) => {
            "We are now looking into how it came about, and what we can change to prevent it."
        }
    }
}

/// What customers can do.
fn advice(phase: Phase, kind: Kind) -> &'static str {
    match (kind, phase) {
        (Kind::Technical, Phase::Investigating | Phase::Identified) => {
            "If something does not go through, please wait a little before you try again."
        }
        (Kind::Technical, Phase::Monitoring) => {
            "If you still see problems, please reload and try again."
        }
        (Kind::Security, Phase::Resolved) => {
            "Please stay careful with messages that ask for your password or payment details."
        }
        (Kind::Security, _) => {
            "Please be careful with messages that ask for your password or payment details. If there is anything else \
             you should do, we will say so here."
        }
        (Kind::Operational, Phase::Investigating | Phase::Identified) => {
            "Please do not place the same order twice; it would only add to the wait."
        }
        (Kind::Operational, Phase::Monitoring) => {
            "Orders that were held up may still take longer than usual."
        }
        (Kind::CustomerService, Phase::Investigating | Phase::Identified) => {
            "If you have already written to us, there is no need to write again."
        }
        (Kind::CustomerService, Phase::Monitoring) => {
            "If something still looks wrong on your side, please tell our support team."
        }
        (_, Phase::Resolved) => {
            "If anything still looks wrong on your side, please contact our support team."
        }
    }
}

/// When it began and, until it is over, when we speak next.
fn times(facts: &CustomerFacts<'_>) -> String {
    let at = |time| tag(time, Style::ShortDateTime);
    if facts.phase == Phase::Resolved {
        return match (facts.started_at, facts.resolved_at) {
            (Some(from), Some(to)) => format!("It began on {} and ended on {}.", at(from), at(to)),
            (None, Some(to)) => format!("It ended on {}.", at(to)),
            (Some(from), None) => format!("It began on {}.", at(from)),
            (None, None) => "This is our last update on it.".to_owned(),
        };
    }
    let began = facts
        .started_at
        .map(|from| format!("It began on {}. ", at(from)))
        .unwrap_or_default();
    let next = match facts.next_update_by {
        Some(by) => format!(
            "Our next update comes by {} ({}).",
            tag(by, Style::ShortTime),
            tag(by, Style::Relative)
        ),
        None => "We will write again as soon as there is news.".to_owned(),
    };
    began + &next
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn time(text: &str) -> Option<DateTime<Utc>> {
        Some(text.parse().unwrap())
    }

    fn facts(
        phase: Phase,
        severity: Severity,
        kind: Kind,
        services: &[String],
    ) -> CustomerFacts<'_> {
        CustomerFacts {
            phase,
            severity,
            kind,
            services,
            impact: None,
            started_at: time("2026-11-27T14:00:00Z"),
            next_update_by: time("2026-11-27T14:20:00Z"),
            resolved_at: if phase == Phase::Resolved {
                time("2026-11-27T15:11:00Z")
            } else {
                None
            },
        }
    }

    fn everything(services: &[String]) -> Vec<CustomerFacts<'_>> {
        let mut all = Vec::new();
        for phase in Phase::ALL {
            for severity in Severity::ALL {
                for kind in Kind::ALL {
                    all.push(facts(*phase, *severity, *kind, services));
                }
            }
        }
        all
    }

    #[test]
    fn a_critical_incident_begins_with_what_customers_notice() {
        let services = ["Checkout".to_owned(), "Search".to_owned()];
        let facts = CustomerFacts {
            impact: Some("Paying by card fails with an error page.\nPayPal works."),
            ..facts(
                Phase::Investigating,
                Severity::Critical,
                Kind::Technical,
                &services,
            )
        };
        insta::assert_snapshot!(draft(&facts), @r"
        Most customers cannot use Checkout and Search right now.

        Paying by card fails with an error page.
        PayPal works.

        Finding out why has our full attention. If something does not go through, please wait a little before you try again.

        It began on <t:1795788000:f>. Our next update comes by <t:1795789200:t> (<t:1795789200:R>).
        ");
    }

    #[test]
    fn a_cause_that_is_found_is_not_told_in_detail() {
        insta::assert_snapshot!(draft(&facts(Phase::Identified, Severity::Major, Kind::Technical, &["Checkout".to_owned()])), @r"
        Many customers have trouble with Checkout right now. You may see errors or long waits.

        We have found what is behind it and are working on a fix. If something does not go through, please wait a little before you try again.

        It began on <t:1795788000:f>. Our next update comes by <t:1795789200:t> (<t:1795789200:R>).
        ");
    }

    #[test]
    fn recovery_is_not_promised_to_last() {
        insta::assert_snapshot!(draft(&facts(Phase::Monitoring, Severity::Minor, Kind::Operational, &[])), @r"
        Things look better now for the customers who were affected: delays with orders and deliveries are getting shorter.

        We are keeping an eye on it to be sure that it stays that way. Orders that were held up may still take longer than usual.

        It began on <t:1795788000:f>. Our next update comes by <t:1795789200:t> (<t:1795789200:R>).
        ");
    }

    #[test]
    fn a_security_incident_tells_what_to_be_careful_with() {
        insta::assert_snapshot!(draft(&facts(Phase::Investigating, Severity::Major, Kind::Security, &["Sign-in".to_owned()])), @r"
        We are responding to a security issue that affects Sign-in.

        We are finding out why. Please be careful with messages that ask for your password or payment details. If there is anything else you should do, we will say so here.

        It began on <t:1795788000:f>. Our next update comes by <t:1795789200:t> (<t:1795789200:R>).
        ");
    }

    #[test]
    fn the_last_update_says_that_it_is_over() {
        insta::assert_snapshot!(draft(&facts(Phase::Resolved, Severity::Critical, Kind::Technical, &["Checkout".to_owned()])), @r"
        This is over: the problem with Checkout is resolved. We know how much this got in your way, and we are sorry.

        We are now looking into how it came about, and what we can change to prevent it. If anything still looks wrong on your side, please contact our support team.

        It began on <t:1795788000:f> and ended on <t:1795792260:f>.
        ");
    }

    #[test]
    fn a_wrong_delivery_is_put_right() {
        let facts = CustomerFacts {
            started_at: None,
            next_update_by: None,
            ..facts(
                Phase::Identified,
                Severity::Minor,
                Kind::CustomerService,
                &[],
            )
        };
        insta::assert_snapshot!(draft(&facts), @r"
        Something has gone wrong with orders and refunds for a small number of customers.

        We have found what is behind it and are working to put it right. If you have already written to us, there is no need to write again.

        We will write again as soon as there is news.
        ");
    }

    #[test]
    fn every_phase_severity_and_kind_has_its_own_words() {
        let services = ["Checkout".to_owned()];
        let drafts: HashSet<String> = everything(&services).iter().map(draft).collect();
        assert_eq!(
            drafts.len(),
            Phase::ALL.len() * Severity::ALL.len() * Kind::ALL.len()
        );
        for text in drafts {
            let lower = text.to_lowercase();
            for word in [
                "outage",
                "fault",
                "blame",
                "mistake",
                "root cause",
                "server",
                "host",
                "database",
                "eta",
                "soon be",
                "within",
            ] {
                assert!(
                    !lower
                        .split(|c: char| !c.is_alphabetic())
                        .collect::<Vec<_>>()
                        .join(" ")
                        .contains(&format!(" {word} ")),
                    "{word}: {text}"
                );
            }
            assert!(
                text.contains("Checkout") && !text.contains("INC-"),
                "{text}"
            );
        }
    }

    #[test]
    fn each_update_but_the_last_says_when_the_next_one_comes() {
        for facts in everything(&[]) {
            let text = draft(&facts);
            let last = facts.phase == Phase::Resolved;
            assert_eq!(
                text.contains("Our next update comes by <t:1795789200:t> (<t:1795789200:R>)."),
                !last,
                "{text}"
            );
            assert_eq!(text.contains("This is over"), last, "{text}");
            assert_eq!(text.contains("prevent"), last, "{text}");
        }
    }

    #[test]
    fn hostile_names_ping_nobody_and_never_crowd_out_the_text() {
        let services: Vec<String> = [
            "@everyone",
            "<@1> <@&2>",
            "[x](https://evil.example)",
            "\n# Big",
            "||`*_~",
        ]
        .map(|name| name.repeat(50))
        .into();
        let impact = "@here **".repeat(500);
        for facts in everything(&services) {
            let text = draft(&CustomerFacts {
                impact: Some(&impact),
                ..facts
            });
            assert!(text.chars().count() <= DRAFT_MAX);
            let text = crate::domain::text::plain_with_times(&text);
            for alive in ["@everyone", "@here", "<@1>", "<@&2>", "](", "\n# "] {
                assert!(!text.contains(alive), "{alive}: {text}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_draft_is_never_empty_nor_too_long(
            services in prop::collection::vec(".{0,80}", 0..9),
            impact in prop::option::of("[*_@<>a\\n]{0,900}"),
            n in 0usize..48,
        ) {
            let text = draft(&CustomerFacts { impact: impact.as_deref(), ..everything(&services)[n] });
            prop_assert!((100..=DRAFT_MAX).contains(&text.chars().count()), "{}", text);
        }
    }
}
