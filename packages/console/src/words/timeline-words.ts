/** Of the time line of a tunnel. */
export const timelineWords = {
  'timeline.chart': { en: 'Time line', zh: '时间线' },
  'timeline.hint': {
    en: 'Traffic, state, events and probes. The arrow keys go earlier and later. With Shift, left and right read moment by moment, up and down event by event. Plus and minus zoom, Escape ends reading.',
    zh: '流量、状态、事件与探测。方向键前后移动；按住 Shift 时，左右键逐点读数，上下键逐个查看事件；加号与减号缩放，Esc 结束读数。',
  },
  'timeline.hands': {
    en: 'Drag: earlier, later · Shift and drag: look into a part · Ctrl and wheel: zoom · click: keep the line there · keys: ← →, Shift with ← → ↑ ↓, + −',
    zh: '拖动：前后移动 · Shift 加拖动：查看所选部分 · Ctrl 加滚轮：缩放 · 单击：固定读数线 · 按键：← →，Shift 加 ← → ↑ ↓，+ −',
  },
  'timeline.fingers': {
    en: 'Tap to read a moment, drag to go earlier or later; a shorter length looks into what was tapped.',
    zh: '点按读数，拖动前后移动；选择更短的时长可查看所点之处。',
  },
  'timeline.most': {
    en: 'In above, out below, up to {rate}; steps of {seconds} s',
    zh: '上为入向，下为出向，最高 {rate}；每步 {seconds} 秒',
  },
  'timeline.unknown': { en: 'nothing is known', zh: '无记录' },
  'timeline.probedThen': { en: 'probes {delay} ms, {loss} lost', zh: '探测 {delay} 毫秒，丢失 {loss}' },
  'timeline.othersThen': { en: '(and {count} more)', zh: '（另有 {count} 条）' },
  'timeline.minutes': { en: '5 min', zh: '5 分钟' },
  'timeline.hour': { en: 'Hour', zh: '1 小时' },
  'timeline.day': { en: 'Day', zh: '1 天' },
  'timeline.week': { en: 'Week', zh: '1 周' },
  'timeline.earlier': { en: 'Earlier', zh: '更早' },
  'timeline.later': { en: 'Later', zh: '更晚' },
  'timeline.now': { en: 'Now', zh: '现在' },
  'timeline.none': { en: 'Nothing happened in this time.', zh: '该时段内没有事件。' },
  'timeline.more': {
    en: 'There is more than is shown: choose a shorter time.',
    zh: '内容过多，未全部显示，请缩短时段。',
  },
  'timeline.probes': {
    en: 'Probes: mean delay {mean} ms, up to {most} ms; {loss} lost',
    zh: '探测：平均时延 {mean} 毫秒，最大 {most} 毫秒；丢失 {loss}',
  },
  'timeline.probesLost': { en: 'Probes: no answers; {loss} lost', zh: '探测：无应答；丢失 {loss}' },
  'timeline.noProbes': { en: 'There was no health check in this time.', zh: '该时段内没有健康检查。' },
  'timeline.over': { en: 'over', zh: '已消除' },
} as const;
