-- Today's servers take the list of a table's parts before they read the ledger, and would see rows of a commit in between
-- in one table and not in the other. A Merge table takes it afterwards. Servers before 24.3 do so by themselves.

CREATE TABLE IF NOT EXISTS etl_changes_all AS etl_changes_log ENGINE = Merge(currentDatabase(), '^etl_changes_log$');
CREATE TABLE IF NOT EXISTS etl_rejects_all AS etl_rejects_log ENGINE = Merge(currentDatabase(), '^etl_rejects_log$');
CREATE TABLE IF NOT EXISTS etl_unread_lines_all AS etl_unread_lines_log ENGINE = Merge(currentDatabase(), '^etl_unread_lines_log$');
CREATE TABLE IF NOT EXISTS etl_kept_rows_all AS etl_kept_rows_log ENGINE = Merge(currentDatabase(), '^etl_kept_rows_log$');
CREATE TABLE IF NOT EXISTS etl_habits_all AS etl_habits_log ENGINE = Merge(currentDatabase(), '^etl_habits_log$');
