# 每一页都有的话：页眉、页脚、按钮、日期。

date-day = { DATETIME($day, dateStyle: "long") }
date-moment = { DATETIME($at, dateStyle: "long", timeStyle: "short") }
date-time = { DATETIME($at, timeStyle: "short") }

station = 24小时警局 · 自助服务区
emergency = 紧急情况请拨打 { $number }
duty = 值班电话 { $number }
simulation = 演示设备，办理结果不作为凭证

step-of = 第 { $n } 步，共 { $of } 步
minutes-left = 还需约 { $n } 分钟
minutes-about = 约 { $n } 分钟
subtitle = { $steps } · { $minutes }
sheet-of = 第 { $n } 页，共 { $of } 页
item-of = 第 { $n } 项，共 { $of } 项
previous = 上一页
next = 下一页
close = 关闭
too-early = 请先看一看，马上就可以点了
read-to-end = 请先看到最后一页
calm = 不着急，没有时间限制
yuan = 元
amount = { $value } 元
points-unit = { $n ->
   *[other] 分
 }
points-mark = { $n ->
    [0] 不记分
   *[other] 记 { $n } 分
 }

phase-identity = 核验身份
phase-details = 填写信息
    .MT02 = 换料
    .MT03 = 检修
    .JG01 = 选择违法
    .HZ02 = 核对新证
phase-confirm = 确认
    .MT02 = 试一试
    .MT03 = 试一试
    .MT06 = 自检
    .JG01 = 告知与确认
phase-pay = 缴费
phase-finish = 完成
    .MT06 = 交还
    .HZ02 = 取证

# 页眉上的按钮：上面一个短字，下面一个词。
language-name = 中文
header-language = EN
    .caption = English
    .voice = 换成英文
header-size = 大
    .caption = 大字
    .voice = 放大文字
header-theme = 显
    .caption = 高对比
    .voice = 换成高对比显示
header-reach = 低
    .caption = 低位
    .voice = 把按钮移到屏幕下半部分
header-elder = 长
    .caption = 长辈
    .voice = 长辈模式：字大、选项少、不催促
header-sound = 声
    .caption = 语音
    .voice = 打开或关闭语音
header-help = 求助
    .caption = 民警
    .voice = 呼叫值班民警

# 按钮。
action-leave = 离开
action-back = 返回
action-continue = 继续
action-no-condition = 没有
action-yes-condition = 有
action-stand-ready = 我站好了
action-without-glasses = 不戴眼镜测
action-with-glasses = 戴眼镜测
action-chart-not-seen = 看不清
action-plate-not-seen = 看不出数字
action-tone-ready-headset = 戴好了
action-tone-ready-headset-off = 戴好了
action-tone-ready-loud = 安静了，再测一次
action-begin-movement = 开始
action-agree = 我同意
action-decline = 不同意，换一种方式
action-read = 我知道了，开始办理
action-without-card = 没带身份证
action-skip = 不放了，直接结束
action-other-way = 换一种方式
action-other-finger = 换一根手指
action-confirm = 确定
action-next = 下一步
action-declare = 我已看完，声明属实
action-signed = 签好了
action-retake = 重新拍
action-shoot = 拍照
action-other-letters = 号码里有别的字母
action-review = 请民警看
action-by-slip = 不用手机，打印缴费单
action-cancel-payment = 先不缴
action-did-not-open = 门没有打开
action-taken = 我已取走，门已关好
action-scan-cannot = 扫不了
action-keep = 旧证我先留着
action-keep-pass = 我不放了
action-retry = 再试一次
action-end = 结束
action-help = 呼叫民警
action-print = 打印一份
action-enough = 看完了
action-reprint = 再打印一份
action-all-taken = 都拿好了，结束
action-stay = 继续办理
action-leave-now = 离开，不办了
action-no-objection = 没有异议，继续办理
action-state-and-defend = 我要陈述和申辩
action-not-now = 暂不处理
action-all-services = 全部业务
action-what-to-bring = 要带什么
action-keep-on-file = 就用这个
action-more-time = 我还需要时间

# 正在收尾的事，离开、超时和求助都不会打断它。
finishing-filing = 正在把您的申请交给总部，交完就好。
finishing-paying = 正在核对您的缴费，请稍候。
finishing-printing = 正在打印，请等纸全部出来。
finishing-making = 正在打印号牌
finishing-fetching = 机器正在取证，请不要离开。
finishing-opening = 柜门正在处理，请不要离开。
finishing-approval = 正在等审批，请不要离开。
finishing-writing = 正在写签注，请不要离开。
finishing-giving-back = 正在退还您的通行证，请不要离开。
finishing-taking-in = 正在登记您放入的证件，请不要离开。

# 一秒变几次的话。
seconds-left = 还有 { $n } 秒
more-time = 还需要时间吗？
    .hint = { $n } 秒后回到首页，您填写的内容会清除。点一下就可以继续，几次都行。
    .voice = 还需要时间吗？请点一下“我还需要时间”。
progress = 已完成 { $n }%
