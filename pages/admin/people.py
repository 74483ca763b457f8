"""Who may see and do what, who is signed in, and what was done."""

import streamlit as st

from matrix.people import Right
from ui import filters, people_lists, signin

viewer = signin.require(Right.PEOPLE, Right.GRANT, Right.JOURNAL)
st.header("用户与权限", anchor=False)
people_lists.show_stand_ins(viewer)
views = ("用户", "当前登录") if viewer.rights & {Right.PEOPLE, Right.GRANT} else ()
view = filters.pick_view((*views, "操作日志") if viewer.may(Right.JOURNAL) else views, key="users")
if view == "用户":
    people_lists.show_people(viewer, signin.wall_now())
elif view == "当前登录":
    people_lists.show_sessions(viewer, signin.wall_now())
else:
    people_lists.show_journal()
