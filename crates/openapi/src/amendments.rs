//! Where the document is known to contradict Discord's prose, which is the one to be followed, or
//! to be older than it.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// One correction of the document.
enum Amendment {
    /// These words of a property's schema are replaced; a property that is not there is added.
    Property { schema: &'static str, property: &'static str, words: &'static str },
    /// A schema has no such property.
    NoProperty { schema: &'static str, property: &'static str },
    /// A schema is another.
    Schema { schema: &'static str, words: &'static str },
}

const fn becomes(schema: &'static str, property: &'static str, words: &'static str) -> Amendment {
    Amendment::Property { schema, property, words }
}

const fn goes(schema: &'static str, property: &'static str) -> Amendment {
    Amendment::NoProperty { schema, property }
}

const fn is(schema: &'static str, words: &'static str) -> Amendment {
    Amendment::Schema { schema, words }
}

/// A set of permissions in a request. The document has a number, the prose a number as text.
const PERMISSIONS: &str = r#"{"type": ["integer", "null", "string"],
    "pattern": "^(0|[1-9][0-9]*)$"}"#;

/// Endings of files that may be handed in: in the prose since 2026-08-05, not yet in the document.
const FILE_TYPES: &str = r#"{"type": ["array", "null"], "maxItems": 10,
    "items": {"type": "string"}}"#;

const NAMED_ERRORS: &str = r#"{"items": {"type": "object", "properties": {
    "code": {"type": "string"}, "message": {"type": "string"}}, "required": ["code", "message"]}}"#;

const RATE_LIMITED: &str = r#"{"type": "object", "properties": {
    "message": {"type": "string"}, "retry_after": {"type": "number"},
    "global": {"type": "boolean"}, "code": {"type": "integer"}},
    "required": ["message", "retry_after", "global"]}"#;

const RESOURCE: &str = r##"{"oneOf": [
    {"$ref": "#/components/schemas/CreateMessageInteractionCallbackResponse"},
    {"$ref": "#/components/schemas/LaunchActivityInteractionCallbackResponse"},
    {"$ref": "#/components/schemas/UpdateMessageInteractionCallbackResponse"},
    {"type": "object", "properties": {"type": {"enum": [5, 6, 8, 9]}}, "required": ["type"]}
]}"##;

const FIRST_MESSAGE: &str = r##"{"$ref": "#/components/schemas/MessageResponse"}"##;

/// All corrections.
const AMENDMENTS: &[Amendment] = &[
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
    // Discord docs, Error Messages: what is wrong with a field has a name, not a number.
    becomes("InnerErrors", "_errors", NAMED_ERRORS),
    // Discord docs, Rate Limits: only some limits have a code.
    is("RatelimitedResponse", RATE_LIMITED),
    // Discord docs, Interaction Callback Resource: it is there for every type, and only those that
    // create or change a message have one.
    becomes("InteractionCallbackResponse", "resource", RESOURCE),
    // Discord docs, Start Thread in Forum or Media Channel: the answer nests the first message.
    becomes("CreatedThreadResponse", "message", FIRST_MESSAGE),
];

/// Corrects the document. What does not fit it any more is named.
pub(crate) fn amend(document: &mut Value) -> Result<(), String> {
    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    let schemas = schemas.ok_or("no schemas")?;
    AMENDMENTS.iter().try_for_each(|amendment| apply(amendment, schemas))
}

fn apply(amendment: &Amendment, schemas: &mut Map<String, Value>) -> Result<(), String> {
    match *amendment {
        Amendment::Property { schema, property, words } => {
            let words: Map<String, Value> = parse(schema, words)?;
            let properties = properties(schemas, schema)?;
            let empty = || Value::Object(Map::new());
            let property = properties.entry(property).or_insert_with(empty);
            property.as_object_mut().ok_or(schema)?.extend(words);
        }
        Amendment::NoProperty { schema, property } => {
            let gone = properties(schemas, schema)?.remove(property);
            gone.ok_or_else(|| format!("no {schema}.{property}"))?;
        }
        Amendment::Schema { schema, words } => {
            let place = schemas.get_mut(schema).ok_or_else(|| format!("no {schema}"))?;
            *place = parse(schema, words)?;
        }
    }
    Ok(())
}

fn parse<T: DeserializeOwned>(schema: &str, words: &str) -> Result<T, String> {
    serde_json::from_str(words).map_err(|error| format!("{schema}: {error}"))
}

fn properties<'d>(
    schemas: &'d mut Map<String, Value>,
    schema: &str,
) -> Result<&'d mut Map<String, Value>, String> {
    let found = schemas.get_mut(schema).and_then(|found| found.get_mut("properties"));
    let found = found.and_then(Value::as_object_mut);
    found.ok_or_else(|| format!("no properties of {schema}"))
}
