//! Escalate: raise the severity, and call the next people.

use super::{SHORT, open, optional};
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::ids::Mention;
use crate::domain::incident::Incident;
use crate::domain::refusal::Refusal;
use crate::domain::timeline::{Fact, Field, words};
use crate::domain::words::Severity;

/// What was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Escalate {
    /// To which severity; one up if not said.
    pub to: Option<Severity>,
    /// Why.
    pub reason: Option<String>,
    /// Who is called with it, besides those whom `/setup` names for that severity.
    pub page: Option<Mention>,
}

/// Refuses what cannot be escalated, before anybody is asked why. Gives the next worse severity.
pub fn check(incident: &Incident) -> Result<Severity, Refusal> {
    open(incident, "escalated")?;
    let id = incident.id;
    incident
        .severity
        .one_up()
        .ok_or(Refusal::NothingWorse { id })
}

/// `pages`: whom the server calls at a severity.
pub fn decide(
    incident: &Incident,
    act: &Act,
    ask: Escalate,
    pages: impl Fn(Severity) -> Vec<Mention>,
) -> Decided {
    let one_up = check(incident)?;
    let reason = optional("The reason", ask.reason, SHORT)?;
    let from = incident.severity;
    let to = ask.to.unwrap_or(one_up);
    if !to.is_worse_than(from) {
        return Err(Refusal::WrongSeverity {
            id: incident.id,
            severity: from,
            to,
            direction: "escalation",
            next: "Name a worse one.",
        });
    }
    let mut decision = Decision::on(incident);
    decision.record(
        act,
        Fact::Escalated { from, to },
        words([(Field::Reason, reason.clone())]),
    );
    let mut called: Vec<Mention> = pages(to);
    called.extend(ask.page);
    called.dedup();
    for who in called {
        super::page::call(&mut decision, act, who, reason.clone());
    }
    decision.done()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::{act, checkout_down};

    #[test]
    fn escalating_without_a_word_goes_one_up() {
        let minor = checkout_down(Severity::Minor);
        let decision = decide(&minor, &act(5), Escalate::default(), |_| Vec::new()).unwrap();
        assert_eq!(decision.incident.severity, Severity::Major);
        assert_eq!(
            decision.events[0].fact,
            Fact::Escalated {
                from: Severity::Minor,
                to: Severity::Major
            }
        );
    }

    #[test]
    fn critical_cannot_be_escalated() {
        let critical = checkout_down(Severity::Critical);
        let refusal = decide(&critical, &act(5), Escalate::default(), |_| Vec::new()).unwrap_err();
        assert_eq!(refusal, Refusal::NothingWorse { id: critical.id });
    }

    #[test]
    fn escalating_downwards_is_refused() {
        let major = checkout_down(Severity::Major);
        let ask = Escalate {
            to: Some(Severity::Minor),
            ..Escalate::default()
        };
        let refusal = decide(&major, &act(5), ask, |_| Vec::new()).unwrap_err();
        assert!(
            refusal.to_string().contains("is no escalation"),
            "{refusal}"
        );
    }
}
