//! `/incident help`.

use serde_json::json;

use crate::harness::Shop;

#[tokio::test]
async fn help_names_every_command_that_is_there_and_none_that_is_not() {
    let shop = Shop::open().await;
    let answer = shop
        .slash(&shop.ana, shop.server.general(), "incident help", json!({}))
        .await;
    assert!(answer.ephemeral());
    let text = answer.text();
    for name in shop.look().command_names() {
        let shown = name
            .strip_prefix("setup")
            .map_or(name.as_str(), |_| "setup");
        assert!(text.contains(shown), "{name} is not in\n{text}");
    }
    for missing in ["/incident merge", "/incident handoff", "/action"] {
        assert!(
            !text.contains(missing),
            "{missing} is not there yet\n{text}"
        );
    }
    shop.close().await;
}
