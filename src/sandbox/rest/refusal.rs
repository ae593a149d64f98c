//! Refusals with Discord's bodies: `{message, code, errors}`.
//!
//! Source: Discord's "Opcodes and Status Codes", table "JSON".

use serde_json::{Map, Value, json};

/// An answer that is not what was hoped for.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: u64,
    pub(crate) message: String,
    pub(crate) errors: Option<Value>,
    /// Seconds, on 429.
    pub(crate) retry_after: Option<f64>,
    /// `X-RateLimit-Scope`, on 429.
    pub(crate) scope: Option<&'static str>,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: u64, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            errors: None,
            retry_after: None,
            scope: None,
        }
    }

    pub(crate) fn unknown(what: &str) -> Self {
        let code = match what {
            "Channel" => 10003,
            "Guild" => 10004,
            "Member" => 10007,
            "Message" => 10008,
            "Overwrite" => 10009,
            "Role" => 10011,
            "User" => 10013,
            "Emoji" => 10014,
            "Webhook" => 10015,
            "Interaction" => 10062,
            "Application Command" | "application command" => 10063,
            _ => 0,
        };
        Self::new(404, code, format!("Unknown {what}"))
    }

    pub(crate) fn no_access() -> Self {
        Self::new(403, 50001, "Missing Access")
    }

    pub(crate) fn no_permission() -> Self {
        Self::new(403, 50013, "Missing Permissions")
    }

    /// An invalid form body with one fault, at a path such as `embeds.0.title`.
    pub(crate) fn form(path: &str, code: &str, message: impl Into<String>) -> Self {
        Self::forms(vec![FormFault {
            path: path.to_owned(),
            code: code.to_owned(),
            message: message.into(),
        }])
    }

    /// An invalid form body with all its faults.
    pub(crate) fn forms(faults: Vec<FormFault>) -> Self {
        let mut errors = json!({});
        for fault in faults {
            let mut at = &mut errors;
            for part in fault.path.split('.').filter(|part| !part.is_empty()) {
                at = step(at, part);
            }
            let leaf = step(at, "_errors");
            let said = json!({"code": fault.code, "message": fault.message});
            match leaf.as_array_mut() {
                Some(list) => list.push(said),
                None => *leaf = json!([said]),
            }
        }
        Self {
            errors: Some(errors),
            ..Self::new(400, 50035, "Invalid Form Body")
        }
    }

    pub(crate) fn limited(retry_after: f64, scope: &'static str) -> Self {
        let message = if scope == "shared" {
            "The resource is being rate limited."
        } else {
            "You are being rate limited."
        };
        Self {
            retry_after: Some(retry_after),
            scope: Some(scope),
            ..Self::new(429, 0, message)
        }
    }

    pub(crate) fn body(&self) -> Value {
        let mut body = json!({"message": self.message});
        if let Some(retry_after) = self.retry_after {
            body["retry_after"] = json!(retry_after);
            body["global"] = json!(self.scope == Some("global"));
        }
        if self.retry_after.is_none() || self.code != 0 {
            body["code"] = json!(self.code);
        }
        if let Some(errors) = &self.errors {
            body["errors"] = errors.clone();
        }
        body
    }
}

/// One fault of a form.
#[derive(Clone, Debug)]
pub(crate) struct FormFault {
    pub(crate) path: String,
    pub(crate) code: String,
    pub(crate) message: String,
}

fn step<'a>(value: &'a mut Value, key: &str) -> &'a mut Value {
    if !value.is_object() && !value.is_null() {
        *value = Value::Object(Map::new());
    }
    &mut value[key]
}
