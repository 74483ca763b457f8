"""The sentences by which a report says how it counts; the only ones in which numbers stand that are no figures."""

DEFINITIONS: dict[str, tuple[str, ...]] = {
    "": ("统计口径：只计在册账号；时间为北京时间；统计截止以后才获知的内容不计入。每个数字按下表所列的查询和截止时刻均可重算。",),
    "volume": ("网民评论含评论、私信和提及；上期指与本期等长、在本期之前相接的时段，须全程看得见才作比较。",),
    "response.share": (
        "诉求指网民提出、需要答复的评论；首次响应为本单位账号的第一次公开回复，自动回复不计；尚未回复的计入分母，情况不明的不计入并单列。",
        "回复率后括号内为“达标件数/可判定件数”，采集完整度为已采集评论占平台公布评论数的比例；可判定的不足10件时只列件数，标为样本不足。",
    ),
}
