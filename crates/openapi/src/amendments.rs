//! Where the document is known to contradict Discord's prose, which is the one to be followed, or
//! to be older than it.

use serde_json::{Map, Value};

/// One correction of the document.
pub(crate) struct Amendment {
    /// The schema.
    schema: &'static str,
    /// Its property.
    property: &'static str,
    change: Change,
}

enum Change {
    /// These words of the property's schema are replaced; a property that is not there is added.
    Becomes(&'static str),
    /// There is no such property.
    Goes,
    /// The property may be missing.
    MayLack,
}

const fn becomes(schema: &'static str, property: &'static str, words: &'static str) -> Amendment {
    Amendment { schema, property, change: Change::Becomes(words) }
}

const fn goes(schema: &'static str, property: &'static str) -> Amendment {
    Amendment { schema, property, change: Change::Goes }
}

const fn may_lack(schema: &'static str, property: &'static str) -> Amendment {
    Amendment { schema, property, change: Change::MayLack }
}

/// A set of permissions in a request. The document has a number, the prose a number as text.
const PERMISSIONS: &str = r#"{"type": ["integer", "null", "string"],
    "pattern": "^(0|[1-9][0-9]*)$"}"#;

/// Endings of files that may be handed in: in the prose since 2026-08-05, not yet in the document.
const FILE_TYPES: &str = r#"{"type": ["array", "null"], "maxItems": 10,
    "items": {"type": "string"}}"#;

/// All corrections.
pub(crate) const AMENDMENTS: &[Amendment] = &[
    // Discord docs, Message: 2,000 characters. The document has the 4,000 of people who pay.
    becomes("MessageCreateRequest", "content", r#"{"maxLength": 2000}"#),
    becomes("MessageEditRequestPartial", "content", r#"{"maxLength": 2000}"#),
    // Discord docs, Receiving and Responding: a modal has at most five top-level components.
    becomes("ModalInteractionCallbackRequestData", "components", r#"{"maxItems": 5}"#),
    // Discord docs, Component Reference: "disabled" in a modal is an error.
    goes("ChannelSelectComponentForModalRequest", "disabled"),
    goes("MentionableSelectComponentForModalRequest", "disabled"),
    goes("RoleSelectComponentForModalRequest", "disabled"),
    goes("StringSelectComponentForModalRequest", "disabled"),
    goes("UserSelectComponentForModalRequest", "disabled"),
    // Discord docs, Application Commands.
    becomes("ApplicationCommandCreateRequest", "default_member_permissions", PERMISSIONS),
    becomes("ApplicationCommandPatchRequestPartial", "default_member_permissions", PERMISSIONS),
    becomes("ApplicationCommandUpdateRequest", "default_member_permissions", PERMISSIONS),
    becomes("ApplicationCommandCreateRequest", "nsfw", r#"{"type": ["boolean", "null"]}"#),
    becomes("ApplicationCommandUpdateRequest", "nsfw", r#"{"type": ["boolean", "null"]}"#),
    becomes("ApplicationCommandAttachmentOption", "file_types", FILE_TYPES),
    becomes("FileUploadComponentForModalRequest", "file_types", FILE_TYPES),
    // Discord docs, Guild Resource: the permissions of a role are sent as text.
    becomes("CreateRoleRequest", "permissions", PERMISSIONS),
    becomes("UpdateRoleRequestPartial", "permissions", PERMISSIONS),
];

/// Corrects the document. A schema that is no longer there is named.
pub(crate) fn amend(document: &mut Value) -> Result<(), String> {
    for amendment in AMENDMENTS {
        let place = format!("/components/schemas/{}/properties", amendment.schema);
        let properties = document.pointer_mut(&place).and_then(Value::as_object_mut);
        let properties = properties.ok_or_else(|| format!("no properties at {place}"))?;
        apply(amendment, properties)?;
    }
    Ok(())
}

fn apply(amendment: &Amendment, properties: &mut Map<String, Value>) -> Result<(), String> {
    let name = format!("{}.{}", amendment.schema, amendment.property);
    match amendment.change {
        Change::Goes => properties.remove(amendment.property).map(|_| ()).ok_or(name),
        Change::Becomes(words) => {
            let words: Map<String, Value> =
                serde_json::from_str(words).map_err(|error| format!("{name}: {error}"))?;
            let empty = || Value::Object(Map::new());
            let property = properties.entry(amendment.property).or_insert_with(empty);
            property.as_object_mut().ok_or(name)?.extend(words);
            Ok(())
        }
    }
}
