"""Where a text names a citizen: after words like 我叫 and 联系人, before 先生 and 女士; holders of an office stay named."""

import re
from collections.abc import Iterator

from matrix.masking_numbers import Spot

HIDDEN = "**"

DOUBLE = "欧阳|上官|司马|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|端木|宇文|长孙|独孤|南宫"
SINGLE = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方"
    "白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁"
    "尚符舒阮纪梅童凌毕单裴霍涂成苗谷曲盛冉翁蓝骆路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤时穆农阳司卓古吉缪简车项连芦"
    "麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
SURE = frozenset(
    "王李张刘陈杨黄赵吴周徐孙朱胡郭林罗郑梁谢宋唐许韩冯邓曹彭肖萧董袁潘蒋蔡余杜叶苏魏吕丁沈姚卢姜崔谭汪范廖贾韦邹孟熊秦邱尹薛闫阎侯陶黎贺郝龚邵钱覃戴"
    "樊葛邢庞倪聂翟詹耿俞霍骆靳鲍祁滕缪褚窦岑瞿佟臧闵邬卞栾隋甄虞佘邝"
)
"""Surnames that hardly begin a word."""

GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉建华国志海波斌鑫宇浩凯健俊帆雪玲婷慧莉萍红梅燕琴云莲真环荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞"
    "林森松柏青春秋冬夏雨雷电晨曦晓东西南北中阳光亮星辰宏鸿洪泽润泉江河湖川山峰岩石岭安康宁福禄寿喜庆祥吉利达顺发财富贵金银玉珠宝翠珊瑶琳琪璐"
    "瑾瑜璇莹菲蕾薇蓉芬芝茹茜荷菊花草兴旺盛昌隆忠孝仁义礼智信德才学博涵子梓紫若诗思梦怡悦欣欢乐心成功胜利才良民生武力毅坚永恒长久天龙虎凤彪"
    "彬彦哲翔飞鹏鹤骏腾跃进新立正清维伯仲叔季少小大老根木水火土生有余启承继振世家先绍宗传士学仕显元亨道法朝廷臣邦定君贤善美好巧惠淑雅洁纯"
    "素娥凤仙姣娇婵娴妍嫣妮婉君彤丹绿蓝白冰霜露雯霖晶昊晟昕旭景映晴晖暖炎焱烨煜炜炳焕灿熙然权柱栋梁材楠桐杨柳槐榕桃杏柯彩红朵依一二三四五六七八"
    "九十百千万亿友亚亦卫可聪颖倩宜岚岳嵩崇峻崎帅师希常帝庭康廉弘彰征律徐微恩恺惟愉愿慈懿扬振捷政敬斯旺昱晋智曼朗本杉栩桢楚榆槿檀歆毓水沁沛沐"
    "沙泓泰洁津洲浚浦涓淇淋淳深渊渝湘源溪滔漫潇澄澜瀚灵焰爽牧玄玫珂珏珉珩珮琛琦琰琨瑄璟璞甜田申畅皓盈益相知磊社祖祯禹秉程穆立竹笑筠策简精繁纲经绮"
    "绪缘罡群翰耀聿育胤舒舟航艺节芊芮苑苒苗英范茂荃莎莘菁萱葵蓓蔓蕊蕙藏虹蝶衍裕言训许诚语谦谨豪贝赋超越轩辉辰远逸邵郁郎野钊钢钦钧铁铎铭锋锐锦镇镜长闻阔陶隽雄雁霏霄韬韵韶顶项"
    "风飘馨骁高魁魏鲁麒麟黎默齐"
)
G, F = f"[{''.join(sorted(set(GIVEN)))}]", f"(?:{DOUBLE}|[{''.join(sorted(set(SINGLE)))}])"
C = "[\u4e00-\u9fff]"
STOP = (
    r"(?=[，。；！？、,.;!?:：\s()（）\[\]【】“”\"'*\d/]|$|男|女|身份证|电话|手机|联系|住|现|今年|系|是|的|与|和|在|家|于|来自|先生|女士|"
    r"汉族|性别|年龄|代表)"
)

SAID = re.compile(
    rf"(?:我叫|我的名字[叫是]|本人叫|本人姓名|本人名叫|名叫|名字叫|姓名|户主|联系人|投诉人|举报人|反映人|申请人|来访人|信访人|求助人|当事人|报案人|收件人|"
    rf"收货人|监护人|留言人|咨询人|落款|持卡人|开户名|户名|车主|房主|患者|死者|伤者)"
    rf"(?:姓名)?(?P<told>[:：]| |是|为|叫)?\s?(?P<family>{F})(?P<given>{C}{{1,2}}){STOP}"
)
CALLED = re.compile(
    rf"(?P<told>我叫|本人叫|(?<![改取起])名叫|名字叫|姓名[:：])\s?(?P<family>{F})"
    rf"(?P<given>{G}(?:(?![男女住家现今年于和与系来身电手的是在有]){C})?)(?!{C}?(?:什么|啥|局|府))"
)
SELF = re.compile(
    rf"(?:本人|我是|我系)(?P<told>[ ])?(?P<family>{F})(?P<given>{G}{{1,2}})"
    r"(?=[，。,（(：:、]|男|女|身份证|电话|手机|汉族|家住|现住|住|\d)"
)
TITLED = re.compile(rf"({F})({G}{{1,2}})(?=(?:先生|女士|小姐|师傅|阿姨|大爷|大妈|老师)(?!们|傅))")
NOT_NAMES = """
高中 任课 安排 金融 文艺 和平 和美 成立 成功 成长 方正 方便 万千 万一 全国 全新 全民 华东 华南 华北 华中 华夏
时光 时常 常年 明星 应有 高三 高二 高一 高新 高考 高德 江南 江北 江西 江东 平安 安全 白天 金山 龙江 马上 何时
何必 经常 包括 美丽 英语 古文 文学 数学 武术 华文 华西 司法 农民 师德 师大 明年 明明 商学 党政 党员 温州 宁波
石家 广东 山东 南平 江山 全天 陆续 钱江 金华 金牌 卫生 路人 路上 管理 单亲 许多 章程 连长 车长 项目 师生 边远
甘肃 宗教 石油 金星 海明 白云 黄金 温泉 温馨 康复 关爱 关心 关键 田园 田野 方言 高龄 高贵 高雅 高兴 高大 安心
安康 安静 古老 荣幸 荣誉 尚有 严正 毕业 左右 游泳 游戏 万能 万元 费用 付费 房东 房产 华为 沙龙 米兰 桂林 苗木
艾滋 阳光 阳台 文明 文化 文科 文静 甘露 农业 农学 计算 盛夏 冷静 池塘 宫廷 司机 成年 成都 成人 安徽 河南 和谐
解决 解放 全家 全校 全体 单身 谷歌 鲁迅 车友 乐山 舒心 舒适 夏天 夏令 秦皇 欧美 欧洲 欧式 齐全 齐心 简历 简介
党校 查房 水电 牛仔 曲艺 柏林 康明 荣军 师兄 师姐 师妹 于是 于此 史学 江湖 左手 焦点 雷锋 石英 辛苦 纪念 凌晨
时代 时装 卓越 关于 成绩 成为 单元 古代 古典 商业 商家 商务 应对 应聘 应届 和睦 和善 和气 明白 明亮 明天 沙河
明智 明日 高级 高手 高校 项上 费心 辛勤 林业 金钱 白衣 安保 章节 万分 万家 盛大 盛世 尤其 冷漠 桂花 仇恨 迟到
单独 简单 边上 卫星 向上 向日 应当 应该 连续 文山 马路
"""
WORDS = frozenset(NOT_NAMES.split())
"""What begins like a surname with a given name and is a word; 向老师 and 于老师 are words as well."""

POSTS = frozenset(f"{post}长" for post in "局镇乡市县科所校处队院部") | {"经理", "主任", "书记", "主席", "警官"}
NAMED = re.compile("我叫|名|本人|我是|我系|人|户主|车主|房主|患者|死者|伤者|落款|先生|女士|小姐|师傅|阿姨|大[爷妈]|老师")


def names(text: str) -> Iterator[Spot]:
    """Where given names of citizens stand in a text; the surname stays, and how long the name is does not show."""
    if not NAMED.search(text):
        return
    for pattern in (SAID, CALLED, SELF):
        for found in pattern.finditer(text):
            is_sure = (found["told"] and pattern is not SELF) or found["family"] in SURE or len(found["family"]) == 2
            if is_sure and not is_word(found["family"], found["given"]) and looks_given(found["given"]):
                yield *found.span("given"), HIDDEN
    for found in TITLED.finditer(text):
        is_doubled = found.start() > 0 and text[found.start() - 1] in found[1] + "感多"  # 谢谢、感谢
        is_sure = (found[1] in SURE or len(found[1]) == 2) and found[2] not in ("小", "老", "大", "国")
        if is_sure and not is_doubled and not is_word(found[1], found[2]):
            yield *found.span(2), HIDDEN


def is_word(surname: str, given: str) -> bool:
    return surname + given[:1] in WORDS


def looks_given(given: str) -> bool:
    """After a word that asks for a name nearly everything is one; what cannot be written in a name is not."""
    return given not in POSTS and not re.search(r"[某的了是在我你他她们这那吗吧呢啊不没么就都也被把让给对从到会能]", given)
