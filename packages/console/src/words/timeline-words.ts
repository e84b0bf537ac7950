/** Of the time line of a tunnel. */
export const timelineWords = {
  'timeline.chart': { en: 'Time line', zh: '时间线' },
  'timeline.hint': {
    en: 'Traffic, state and events. The arrow keys go earlier and later.',
    zh: '流量、状态与事件。可用方向键前后移动。',
  },
  'timeline.length': { en: 'Length', zh: '时长' },
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
