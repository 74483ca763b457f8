"""Figures of surges: what was seen of one series against what was expected, with the band that is usual."""

import pandas as pd
import plotly.graph_objects as go

from charts.response import OFFSET, dress

BUCKET = 300
GAP = "未采集"
MOVE_SIGNS = {"发生": "▲", "升级": "▲▲", "并入": "＋", "回落": "▼", "结束": "■"}
FORM = "%m-%d %H:%M"


def seen_and_expected(counts: pd.DataFrame, moves: pd.DataFrame, name: str) -> go.Figure:
    """`b5 seen expected most` of one series and `at move` of its alert: bars of what was seen, a dashed line of what was
    expected, a dotted one of what is usual at most, hatched columns where nothing was collected, moves as marks at the top.

    `customdata` of a bar is its bucket; the lines take no clicks, so that bars behind them do. Told apart by shape alone: no
    colour carries a meaning.
    """
    figure = go.Figure()
    if counts.empty:
        return dress(figure, 260)
    times = moments(counts["b5"] * BUCKET)
    top = max(1.0, float(counts["seen"].max(skipna=True) or 0), float(counts["most"].max())) * 1.18
    missing = counts["seen"].isna()
    usual = [f"预期{mean:.1f}条，通常不超过{most:.0f}条" for mean, most in zip(counts["expected"], counts["most"], strict=True)]
    figure.add_bar(
        x=times[~missing.to_numpy()],
        y=[int(number) for number in counts.loc[~missing, "seen"]],
        name="实际",
        width=BUCKET * 1000 * 0.82,
        customdata=[int(bucket) for bucket in counts.loc[~missing, "b5"]],
        hovertext=[usual for usual, is_missing in zip(usual, missing, strict=True) if not is_missing],
        hovertemplate=f"%{{x|{FORM}}}起5分钟 %{{y}}条，%{{hovertext}}<extra></extra>",
    )
    figure.add_scatter(
        x=times,
        y=list(counts["expected"]),
        mode="lines",
        name="预期",
        line={"width": 2, "dash": "dash"},
        hoverinfo="skip",
    )
    # Dots and not a plain area, so that the columns behind the band stay as dark as those above it.
    figure.add_scatter(
        x=times,
        y=list(counts["most"]),
        mode="lines",
        fill="tonexty",
        fillpattern={"shape": ".", "fillmode": "replace", "size": 6, "solidity": 0.12},
        name="通常不超过",
        line={"width": 1.5, "dash": "dot"},
        hoverinfo="skip",
    )
    if missing.any():
        figure.add_bar(
            x=times[missing.to_numpy()],
            y=[top] * int(missing.sum()),
            name=GAP,
            width=BUCKET * 1000,
            opacity=0.3,
            marker={"pattern": {"shape": "/", "fillmode": "replace"}},
            hovertemplate=f"%{{x|{FORM}}} {GAP}，不作零计<extra></extra>",
        )
    add_moves(figure, moves, top)
    figure.update_layout(barmode="overlay", bargap=0.0)
    return dress(
        figure,
        300,
        showlegend=True,
        xaxis={"tickformat": "%H:%M\n%m-%d", "nticks": 7},
        yaxis={"range": [0, top * 1.12], "nticks": 5, "tickformat": ",d"},
    ).update_layout(meta={"series": name})


def add_moves(figure: go.Figure, moves: pd.DataFrame, top: float) -> None:
    """A thin line and a sign at the top for each moment at which something happened; at one moment the signs stand together."""
    told: dict[int, list[str]] = {}
    for at, move in zip(moves["at"], moves["move"], strict=True):
        held = told.setdefault(int(at), [])
        if str(move) not in held:
            held.append(str(move))
    if not told:
        return
    ats = list(told)
    figure.add_scatter(
        x=moments(pd.Series(ats)),
        y=[top * 1.05] * len(ats),
        mode="text",
        text=["".join(MOVE_SIGNS.get(one, one) for one in told[at]) for at in ats],
        customdata=["、".join(told[at]) for at in ats],
        # A stroke down to the axis, in whatever colour the theme gives to text and lines alike.
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [0] * len(ats),
            "arrayminus": [top] * len(ats),
            "thickness": 1,
            "width": 0,
        },
        name="变化",
        showlegend=False,
        hovertemplate=f"%{{x|{FORM}}} %{{customdata}}<extra></extra>",
    )


def moments(seconds: pd.Series) -> pd.Series:
    """Unix seconds as Beijing's time of day, as plotly writes it."""
    return pd.to_datetime(seconds.astype("int64") + OFFSET, unit="s")
