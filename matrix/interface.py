"""What the platforms' interfaces are called by the people who read about them, wherever one is named."""

WEIBO_INTERFACES = {
    "statuses/user_timeline": "微博列表",
    "statuses/user_timeline/other": "微博列表",
    "statuses/count": "批量计数",
    "statuses/show": "微博详情",
    "statuses/show_batch/biz": "微博详情",
    "statuses/mentions": "提及我的微博",
    "statuses/mentions/biz": "提及我的微博",
    "comments/show": "评论列表",
    "comments/tree/root_list": "评论列表",
    "comments/to_me": "收到的评论",
    "comments/to_me/biz": "收到的评论",
    "comments/mentions": "提及我的评论",
    "comments/mentions/biz": "提及我的评论",
    "users/counts": "粉丝数",
    "users/show_batch/other": "粉丝数",
}
