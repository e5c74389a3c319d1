//! Statements that a change leaves for later. Every question to the database
//! is a way to another thread and back, which takes longer than most of them;
//! what only writes goes along with the next one, or with the end of its
//! change, and is as much a part of that change as if it had been run at once.

use sqlx::encode::Encode;
use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{Arguments, AssertSqlSafe, Sqlite, Type};

use super::fault::Fault;

/// Statements in their order, with their values.
#[derive(Debug, Default)]
pub(super) struct Later {
    statements: String,
    values: SqliteArguments,
    count: usize,
    /// A value that could not be taken.
    problem: Option<String>,
}

/// A statement whose values are still being given.
pub(super) struct Left<'l> {
    later: &'l mut Later,
}

impl Later {
    /// Leaves a statement; its values are `$1` and so on, as anywhere.
    pub fn leave(&mut self, statement: &'static str) -> Left<'_> {
        push_numbered(&mut self.statements, statement, self.count);
        self.statements.push(';');
        Left { later: self }
    }

    /// Leaves statements without values.
    pub fn leave_plain(&mut self, statements: &'static str) {
        self.statements.push_str(statements);
    }

    /// Runs what was left, in its order; nothing is left afterwards.
    pub async fn run(&mut self, connection: &mut SqliteConnection) -> Result<(), Fault> {
        let Later { statements, values, problem, .. } = std::mem::take(self);
        if let Some(problem) = problem {
            return Err(Fault::Unusable(problem));
        }
        if !statements.is_empty() {
            // Only constant texts were put together; what callers gave stands in the values.
            sqlx::query_with(AssertSqlSafe(statements), values).execute(connection).await?;
        }
        Ok(())
    }
}

impl Left<'_> {
    /// Gives the next value.
    pub fn bind<'v, T: Encode<'v, Sqlite> + Type<Sqlite>>(self, value: T) -> Self {
        if let Err(error) = self.later.values.add(value) {
            self.later.problem = Some(error.to_string());
        }
        self.later.count += 1;
        self
    }
}

/// Adds a statement whose first value is the one after so many others: `$1` after two is `$3`.
fn push_numbered(statements: &mut String, statement: &str, before: usize) {
    let mut parts = statement.split('$');
    statements.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = part.split_at(digits);
        match number.parse::<usize>() {
            Ok(number) => statements.push_str(&format!("${}{rest}", number + before)),
            Err(_) => statements.push_str(&format!("${part}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_statement_has_its_own_values() {
        let mut later = Later::default();
        later.leave("INSERT INTO a VALUES ($1, $2, $1)").bind(1_i64).bind("x");
        later.leave("UPDATE b SET c = $2 WHERE d = $1 AND e = '$'").bind(2_i64).bind(3_i64);
        later.leave_plain("RELEASE change");
        let expected = "INSERT INTO a VALUES ($1, $2, $1);UPDATE b SET c = $4 WHERE d = $3 AND e = '$';RELEASE change";
        assert_eq!((later.statements.as_str(), later.values.len()), (expected, 4));
    }
}
