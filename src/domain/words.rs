//! Small closed vocabularies: severity, kind, role, phase and their like.
//!
//! Each has one stored name (snake case: columns, JSON, choices) and one plain label for people.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text that is none of the words of a vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not one of the known words")]
pub struct UnknownWord;

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $stored:literal, $label:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $stored)] $variant),+
        }

        impl $name {
            /// Every word, in the order people meet them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stored name: columns, JSON, command choices.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $stored),+ }
            }

            /// The plain words that people read.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.label())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;
            /// Reads the stored name.
            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                match text { $($stored => Ok(Self::$variant),)+ _ => Err(UnknownWord) }
            }
        }
    };
}

vocabulary! {
    /// How bad it is. `Critical` is the worst; the derived order puts the worst first.
    Severity {
        /// SEV1
        Critical = "critical", "Critical";
        /// SEV2
        Major = "major", "Major";
        /// SEV3
        Minor = "minor", "Minor";
    }
}

impl Severity {
    /// Whether this is worse than `other`.
    pub fn is_worse_than(self, other: Self) -> bool {
        self < other
    }

    /// The next worse one, if there is one.
    pub fn one_up(self) -> Option<Self> {
        match self {
            Self::Critical => None,
            Self::Major => Some(Self::Critical),
            Self::Minor => Some(Self::Major),
        }
    }

    /// Reads what people type: `critical`, `crit`, `sev1`, `SEV-1`, `p1`, `1`, and so on.
    pub fn read(typed: &str) -> Option<Self> {
        let word: String = typed
            .trim()
            .chars()
            .filter(|c| c.is_ascii_alphanumeric())
            .map(|c| c.to_ascii_lowercase())
            .collect();
        match word.as_str() {
            "critical" | "crit" | "sev1" | "s1" | "p1" | "1" => Some(Self::Critical),
            "major" | "maj" | "sev2" | "s2" | "p2" | "2" => Some(Self::Major),
            "minor" | "min" | "sev3" | "s3" | "p3" | "3" => Some(Self::Minor),
            _ => None,
        }
    }
}

vocabulary! {
    /// What sort of incident.
    Kind {
        /// Servers, networks, code.
        Technical = "technical", "Technical";
        /// Breaches and attacks; private unless said otherwise.
        Security = "security", "Security";
        /// Orders, shipping, processes.
        Operational = "operational", "Operational";
        /// Refunds, wrong deliveries.
        CustomerService = "customer_service", "Customer service";
    }
}

impl Kind {
    /// Reads what people type: the stored name, the label, or a first word of it.
    pub fn read(typed: &str) -> Option<Self> {
        let word = typed.trim().to_lowercase().replace([' ', '-'], "_");
        match word.as_str() {
            "technical" | "tech" => Some(Self::Technical),
            "security" | "sec" => Some(Self::Security),
            "operational" | "operations" | "ops" => Some(Self::Operational),
            "customer_service" | "customer" | "customers" | "service" => {
                Some(Self::CustomerService)
            }
            _ => None,
        }
    }
}

vocabulary! {
    /// A chair in the response.
    Role {
        /// Decides and coordinates, does not fix.
        Commander = "commander", "Incident commander";
        /// Speaks to those outside.
        Communications = "communications", "Communications lead";
        /// Keeps the timeline.
        Scribe = "scribe", "Scribe";
        /// Leads the hands on keyboards.
        Operations = "operations", "Operations lead";
    }
}

vocabulary! {
    /// Which stage a customer status update speaks of.
    Phase {
        /// We know of it and look.
        Investigating = "investigating", "Investigating";
        /// We know what it is.
        Identified = "identified", "Identified";
        /// It looks mended; we watch.
        Monitoring = "monitoring", "Monitoring";
        /// It is over.
        Resolved = "resolved", "Resolved";
    }
}

vocabulary! {
    /// A step taken against the incident.
    MitigationAction {
        /// Back to a version that worked.
        Rollback = "rollback", "Roll back";
        /// More capacity.
        ScaleUp = "scale_up", "Scale up";
        /// Users sent elsewhere.
        RedirectTraffic = "redirect_traffic", "Redirect traffic";
        /// A change of code or configuration.
        Patch = "patch", "Patch";
        /// To the standby.
        Failover = "failover", "Fail over";
        /// Something switched off or on.
        FeatureFlag = "feature_flag", "Feature flag";
        /// Off and on again.
        Restart = "restart", "Restart";
        /// Anything else.
        Other = "other", "Other";
    }
}

vocabulary! {
    /// What a mitigation did.
    Outcome {
        /// Not known yet.
        Trying = "trying", "trying";
        /// Better, not over.
        Helped = "helped", "helped";
        /// Users no longer hurt.
        Fixed = "fixed", "fixed";
        /// Nothing changed.
        NoEffect = "no_effect", "no effect";
    }
}

vocabulary! {
    /// What a follow-up is for.
    ActionKind {
        /// So that it does not happen again.
        Prevent = "prevent", "Prevent";
        /// So that we see it sooner.
        Detect = "detect", "Detect";
        /// So that it hurts less.
        Mitigate = "mitigate", "Mitigate";
        /// So that we respond better.
        Process = "process", "Process";
    }
}

vocabulary! {
    /// A section of the review that people write.
    ReviewSection {
        /// What happened, in a paragraph.
        Summary = "summary", "Summary";
        /// What set it off.
        Trigger = "trigger", "Trigger";
        /// The conditions that made it possible.
        Factors = "factors", "Contributing factors";
        /// What worked.
        WentWell = "went_well", "What went well";
        /// What did not.
        WentBadly = "went_badly", "What went badly";
        /// Where luck helped.
        Lucky = "lucky", "Where we got lucky";
        /// What we take along.
        Lessons = "lessons", "Lessons";
    }
}

vocabulary! {
    /// A moment of an incident that durations are measured between.
    Milestone {
        /// Users began to be hurt; usually earlier than anybody knew.
        ImpactStarted = "impact_started", "Impact started";
        /// Somebody or something of ours saw it.
        Detected = "detected", "Detected";
        /// It was said to be an incident.
        Declared = "declared", "Declared";
        /// Somebody said "I have it".
        Acknowledged = "acknowledged", "Acknowledged";
        /// We knew what it is.
        Identified = "identified", "Identified";
        /// Users no longer hurt.
        Mitigated = "mitigated", "Mitigated";
        /// The response ended.
        Resolved = "resolved", "Resolved";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severity_is_read_as_people_type_it() {
        for typed in ["critical", "crit", "SEV1", "sev-1", "1", " P1 "] {
            assert_eq!(Severity::read(typed), Some(Severity::Critical), "{typed}");
        }
        assert_eq!(Severity::read("sev 3"), Some(Severity::Minor));
        assert_eq!(Severity::read("horrible"), None);
    }

    #[test]
    fn one_up_ends_at_critical() {
        assert_eq!(Severity::Minor.one_up(), Some(Severity::Major));
        assert_eq!(Severity::Critical.one_up(), None);
        assert!(Severity::Critical.is_worse_than(Severity::Minor));
    }

    #[test]
    fn every_stored_name_reads_back() {
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
        for action in MitigationAction::ALL {
            assert_eq!(action.as_str().parse(), Ok(*action));
        }
    }
}
