"""Files that people bring: recognises what a file is, and reads it as a stream of posts, comments and follower numbers."""

from collectors.files.opening import open_tables
from collectors.files.plan import Choices, plans_of, recipe_titles, recognise
from collectors.files.reading import read
from collectors.files.rows import (
    TARGETS,
    AccountKey,
    ColumnMapping,
    CommentRow,
    FileBatch,
    FileError,
    FollowersRow,
    PostRow,
    Recognised,
    RowError,
    RowFault,
)

__all__ = [
    "TARGETS",
    "AccountKey",
    "Choices",
    "ColumnMapping",
    "CommentRow",
    "FileBatch",
    "FileError",
    "FollowersRow",
    "PostRow",
    "Recognised",
    "RowError",
    "RowFault",
    "open_tables",
    "plans_of",
    "read",
    "recipe_titles",
    "recognise",
]
