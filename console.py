"""Who is looking, which pages they may open, and the frame around them."""

import streamlit as st

from ui import frame, menu, signin

frame.set_up()
viewer = signin.find_viewer()
if viewer is None:
    menu.build_for_stranger(signin.show_stranger).run()
    st.stop()
page = menu.build(viewer.rights)
frame.show(viewer)
page.run()
signin.keep_watch()
