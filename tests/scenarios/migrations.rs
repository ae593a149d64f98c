//! Migrations as users meet them: an empty folder, and a file that was used before.

use warbell::store::{Db, Schema};

#[tokio::test]
async fn a_new_file_is_made_and_a_used_one_is_opened_again() {
    let folder = std::env::temp_dir().join(format!("warbell-{:016x}", rand::random::<u64>()));
    std::fs::create_dir_all(&folder).unwrap();
    let url = format!("sqlite://{}", folder.join("warbell.db").display());
    assert!(
        Db::open(&url, Schema::MustMatch).await.is_err(),
        "nothing is made by a reader"
    );
    for _ in 0..2 {
        let db = Db::open(&url, Schema::Migrate).await.unwrap();
        db.close().await;
    }
    Db::open(&url, Schema::MustMatch)
        .await
        .unwrap()
        .close()
        .await;
    std::fs::remove_dir_all(&folder).unwrap();
}
