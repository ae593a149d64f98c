//! One bot in several servers.

use serde_json::json;
use warbell::sandbox::{ChannelLook, Person, Server};

use crate::harness::{Shop, recorded, refused};

/// Declares there and gives the incident's channel.
async fn declare_in(shop: &Shop, server: &Server, who: &Person, title: &str) -> ChannelLook {
    let options = json!({ "title": title, "severity": "major" });
    let asked = who
        .slash(server.general(), "incident declare", options)
        .await
        .unwrap();
    asked
        .until(|answer| answer.text().contains("<#"))
        .await
        .unwrap();
    shop.settled().await;
    let channels = server.channels();
    channels
        .into_iter()
        .find(|channel| channel.name.starts_with("inc-"))
        .unwrap()
}

#[tokio::test]
async fn each_server_counts_from_one_and_sees_only_its_own() {
    let shop = Shop::open().await;
    let other = shop.sandbox.add_server("Other Shop");
    let eve = other.add_member("eve");
    let here = declare_in(&shop, &shop.server, &shop.ana, "Checkout down").await;
    let there = declare_in(&shop, &other, &eve, "Search slow").await;
    assert_eq!(here.name, "inc-1-checkout-down");
    assert_eq!(there.name, "inc-1-search-slow");

    for (server, who, own, others) in [
        (&shop.server, &shop.ana, "Checkout down", "Search slow"),
        (&other, &eve, "Search slow", "Checkout down"),
    ] {
        let general = server.general();
        let options = json!({ "incident": "INC-1" });
        let shown = shop
            .slash(who, general, "incident show", options)
            .await
            .text();
        assert!(shown.contains(own) && !shown.contains(others), "{shown}");
        let list = shop
            .slash(who, general, "incident list", json!({ "status": "all" }))
            .await
            .text();
        assert!(list.contains(own) && !list.contains(others), "{list}");
        let found = who
            .autocomplete(general, "incident show", "incident", "")
            .await
            .unwrap();
        assert_eq!(found.len(), 1, "{found:?}");
        let digest = server.channel_named("incidents").unwrap().messages();
        assert_eq!(digest.len(), 1);
        assert!(digest[0].text().contains(own), "{}", digest[0].text());
        refused(
            &shop
                .slash(
                    who,
                    general,
                    "incident show",
                    json!({ "incident": "INC-2" }),
                )
                .await,
        );
    }
    shop.close().await;
}

#[tokio::test]
async fn what_is_done_in_one_server_leaves_the_other_as_it_is() {
    let shop = Shop::open().await;
    let other = shop.sandbox.add_server("Other Shop");
    let eve = other.add_member("eve");
    let here = declare_in(&shop, &shop.server, &shop.ana, "Checkout down").await;
    let there = declare_in(&shop, &other, &eve, "Search slow").await;
    let reason = json!({ "reason": "All regions" });
    recorded(
        &shop
            .slash(&shop.ana, here.id(), "incident escalate", reason)
            .await,
    );
    let options = json!({ "incident": "INC-1", "text": "Not theirs" });
    let answer = shop
        .slash(&eve, other.general(), "incident note", options)
        .await;
    assert!(answer.text().contains("INC-1 #2"), "{}", answer.text());
    let look = shop.look();
    let card = |channel: &ChannelLook| look.channel(channel.id()).unwrap().pins()[0].text();
    assert!(card(&here).contains("Critical") && !card(&here).contains("Not theirs"));
    assert!(card(&there).contains("Major") && card(&there).contains("Not theirs"));
    shop.close().await;
}

#[tokio::test]
async fn settings_of_one_server_are_not_the_others() {
    let shop = Shop::open().await;
    let other = shop.sandbox.add_server("Other Shop");
    let eve = other.add_member("eve");
    shop.ana.make_manager();
    let role = shop.server.add_role("responders", false);
    let options = json!({ "responders": role.get().to_string() });
    shop.slash(&shop.ana, shop.server.general(), "setup roles", options)
        .await;
    let there = declare_in(&shop, &other, &eve, "Search slow").await;
    recorded(
        &shop
            .slash(&eve, there.id(), "incident note", json!({ "text": "x" }))
            .await,
    );
    shop.close().await;
}
