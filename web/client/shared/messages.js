// The text of each error code for the person: one line in English and one in Chinese that says what happened and what to
// do next. Options, headers and limits are named in `detail` and the documentation, for the developer. The codes,
// stages and retryable flags are those of the C++ core's base/error.hpp (a test compares the two).

/** @type {Readonly<Record<string, import('./types.js').CodeInfo>>} */
export const CODES = Object.freeze({
  INVALID_ARGUMENT: {
    stage: 'input',
    retryable: false,
    en: 'This page has a fault. Please tell whoever runs it.',
    zh: '网页程序有误，请联系网站运营方。',
  },
  EMPTY_INPUT: {
    stage: 'input',
    retryable: false,
    en: 'The file is empty. Please choose another one.',
    zh: '文件是空的，请重新选择。',
  },
  INPUT_UNREADABLE: {
    stage: 'input',
    retryable: false,
    en: 'The file cannot be read; it may have been moved or changed. Please choose it again.',
    zh: '无法读取文件，文件可能已被移动或修改，请重新选择。',
  },
  INPUT_TOO_LARGE: {
    stage: 'input',
    retryable: false,
    en: 'The file is too large. Please choose a smaller one.',
    zh: '文件太大，请选择较小的文件。',
  },
  UNRECOGNIZED_FORMAT: {
    stage: 'input',
    retryable: false,
    en: 'The file is not a photo. Please choose a photo.',
    zh: '该文件不是照片，请选择照片。',
  },
  UNSUPPORTED_FORMAT: {
    stage: 'input',
    retryable: false,
    en: 'Photos of this format cannot be used. Please choose a JPEG or PNG, or take a new photo.',
    zh: '不支持这种格式的照片，请选择 JPEG 或 PNG 照片，或重新拍摄。',
  },
  UNSUPPORTED_FEATURE: {
    stage: 'input',
    retryable: false,
    en: 'This photo uses a rare variant of its format. Please save it as an ordinary JPEG, or take a new photo.',
    zh: '该照片使用了少见的编码方式，请另存为普通 JPEG，或重新拍摄。',
  },
  CORRUPT_IMAGE: {
    stage: 'input',
    retryable: false,
    en: 'The photo is damaged or incomplete. Please choose the original file or take a new photo.',
    zh: '照片已损坏或不完整，请选择原始文件或重新拍摄。',
  },
  IMAGE_TOO_LARGE: {
    stage: 'input',
    retryable: false,
    en: 'The picture has too many pixels. Please choose a smaller one.',
    zh: '照片的像素过多，请选择较小的照片。',
  },
  BUDGET_UNREACHABLE: {
    stage: 'prepare',
    retryable: false,
    en: 'The photo cannot be made small enough to be sent. Please choose another one.',
    zh: '无法把照片压缩到规定的大小，请重新选择。',
  },
  OUT_OF_MEMORY: {
    stage: 'prepare',
    retryable: true,
    en: 'This device has not enough memory. Please close other pages or choose a smaller photo.',
    zh: '设备内存不足，请关闭其他页面或选择较小的照片。',
  },
  NOT_A_VIDEO: {
    stage: 'input',
    retryable: false,
    en: 'The file is not a video. Please choose or record a video.',
    zh: '该文件不是视频，请选择或录制视频。',
  },
  UNSUPPORTED_VIDEO: {
    stage: 'input',
    retryable: false,
    en: 'Videos of this format are not accepted. Please record an MP4.',
    zh: '不支持这种格式的视频，请录制 MP4 视频。',
  },
  CORRUPT_VIDEO: {
    stage: 'input',
    retryable: false,
    en: 'The video is damaged or incomplete. Please record it again.',
    zh: '视频已损坏或不完整，请重新录制。',
  },
  VIDEO_TOO_LARGE: {
    stage: 'input',
    retryable: false,
    en: 'The video is larger than 1 MB. Please record it again at a lower quality.',
    zh: '视频超过 1 MB，请降低画质后重新录制。',
  },
  VIDEO_TOO_SHORT: {
    stage: 'input',
    retryable: false,
    en: 'The video is too short. Please record 3 to 5 seconds.',
    zh: '视频太短，请录制 3 到 5 秒。',
  },
  VIDEO_TOO_LONG: {
    stage: 'input',
    retryable: false,
    en: 'The video is too long. Please record 3 to 5 seconds.',
    zh: '视频太长，请录制 3 到 5 秒。',
  },
  ENGINE_LOAD_FAILED: {
    stage: 'engine',
    retryable: true,
    en: 'The photo engine could not be loaded. Please check the connection and try again.',
    zh: '图像处理程序加载失败，请检查网络后重试。',
  },
  ENGINE_CRASHED: {
    stage: 'engine',
    retryable: true,
    en: 'The photo engine stopped unexpectedly. Please try again.',
    zh: '图像处理程序意外停止，请重试。',
  },
  CLIENT_CLOSED: {
    stage: 'engine',
    retryable: false,
    en: 'The check was ended. Please reload the page.',
    zh: '核验已结束，请刷新页面。',
  },
  ABORTED: {
    stage: 'request',
    retryable: false,
    en: 'Cancelled.',
    zh: '已取消。',
  },
  TIMEOUT: {
    stage: 'request',
    retryable: true,
    en: 'There was no answer in time. Your check may have been submitted; you can try again.',
    zh: '未在规定时间内收到结果，本次核验可能已提交，可重试。',
  },
  NETWORK_ERROR: {
    stage: 'request',
    retryable: true,
    en: 'The server cannot be reached. Please check the connection and try again.',
    zh: '无法连接服务器，请检查网络后重试。',
  },
  HTTP_ERROR: {
    stage: 'request',
    retryable: true,
    en: 'The server answered with an error. Please try again later.',
    zh: '服务器返回错误，请稍后重试。',
  },
  REQUEST_REFUSED: {
    stage: 'request',
    retryable: false,
    en: 'The server refused the request. Please tell whoever runs this page.',
    zh: '服务器拒绝了请求，请联系网站运营方。',
  },
  UNAUTHORIZED: {
    stage: 'request',
    retryable: false,
    en: 'Permission is missing or has expired. Please reload the page and sign in again.',
    zh: '没有权限或权限已过期，请刷新页面并重新登录。',
  },
  TOKEN_MISSING: {
    stage: 'request',
    retryable: false,
    en: 'Permission is missing. Please reload the page and sign in again.',
    zh: '没有访问权限，请刷新页面并重新登录。',
  },
  TOKEN_INVALID: {
    stage: 'request',
    retryable: false,
    en: 'Permission was refused. Please reload the page and sign in again.',
    zh: '访问权限无效，请刷新页面并重新登录。',
  },
  TOKEN_EXPIRED: {
    stage: 'request',
    retryable: true,
    en: 'Permission has expired. Please try again.',
    zh: '访问权限已过期，请重试。',
  },
  TOKEN_USED_UP: {
    stage: 'request',
    retryable: true,
    en: 'This permission has been used already. Please try again.',
    zh: '本次访问权限已使用过，请重试。',
  },
  REQUEST_TOO_LARGE: {
    stage: 'request',
    retryable: false,
    en: 'The upload is larger than the server accepts. Please choose a smaller file.',
    zh: '上传内容超过服务器限制，请选择较小的文件。',
  },
  RATE_LIMITED: {
    stage: 'request',
    retryable: true,
    en: 'Too many attempts. Please wait a moment and try again.',
    zh: '操作过于频繁，请稍候再试。',
  },
  ATTEMPTS_EXHAUSTED: {
    stage: 'request',
    retryable: true,
    en: 'You have tried too often. Please try again later.',
    zh: '尝试次数过多，请稍后再试。',
  },
  UNAVAILABLE: {
    stage: 'request',
    retryable: true,
    en: 'The server is busy at the moment. Please try again in a moment.',
    zh: '服务器繁忙，请稍后重试。',
  },
  UPSTREAM_UNREACHABLE: {
    stage: 'request',
    retryable: true,
    en: 'The verification service cannot be reached at the moment. Please try again later.',
    zh: '暂时无法连接验证服务，请稍后重试。',
  },
  UPSTREAM_ERROR: {
    stage: 'request',
    retryable: true,
    en: 'The verification service failed. Please try again later.',
    zh: '验证服务出错，请稍后重试。',
  },
  UPSTREAM_TIMEOUT: {
    stage: 'request',
    retryable: true,
    en: 'The verification service did not answer in time. Your check may have been submitted; you can try again.',
    zh: '验证服务未及时响应，本次核验可能已提交，可重试。',
  },
  INTERNAL: {
    stage: 'request',
    retryable: true,
    en: 'Something failed on the server. Please try again later.',
    zh: '服务器内部错误，请稍后重试。',
  },
  REPLY_TOO_LARGE: {
    stage: 'reply',
    retryable: false,
    en: 'The result cannot be read. Please tell whoever runs this page.',
    zh: '无法读取返回结果，请联系网站运营方。',
  },
  REPLY_MALFORMED: {
    stage: 'reply',
    retryable: true,
    en: 'The reply cannot be understood. Please try again later.',
    zh: '无法解析返回结果，请稍后重试。',
  },
  SERVICE_AUTH: {
    stage: 'reply',
    retryable: false,
    en: 'The verification service does not know this site. Please tell whoever runs this page.',
    zh: '验证服务无法识别本网站，请联系网站运营方。',
  },
  SERVICE_QUOTA: {
    stage: 'reply',
    retryable: false,
    en: 'The verification service is not available now. Please tell whoever runs this page.',
    zh: '验证服务暂不可用，请联系网站运营方。',
  },
  SERVICE_BAD_PARAMETER: {
    stage: 'reply',
    retryable: false,
    en: 'The verification service refused the request. Please tell whoever runs this page.',
    zh: '验证服务拒绝了请求，请联系网站运营方。',
  },
  SERVICE_IMAGE_REJECTED: {
    stage: 'reply',
    retryable: false,
    en: 'The service could not use the picture. Please take it again: face the camera, in good light.',
    zh: '服务无法识别该图像，请在光线充足处正对镜头重新拍摄。',
  },
  SERVICE_ERROR: {
    stage: 'reply',
    retryable: true,
    en: 'The verification service reported a failure. Please try again later.',
    zh: '验证服务报告失败，请稍后重试。',
  },
});

/**
 * Whole hours from two hours on, rounded up.
 * @param {number} minutes @param {string} minute @param {string} hour @param {string} [plural]
 */
function spanOf(minutes, minute, hour, plural = '') {
  const [count, unit] = minutes < 120 ? [minutes, minute] : [Math.ceil(minutes / 60), hour];
  return `${count} ${unit}${count === 1 ? '' : plural}`;
}

/**
 * Texts of errors that last for minutes, where it is known how many.
 * @type {Readonly<Record<string, {en: (minutes: number) => string, zh: (minutes: number) => string}>>}
 */
export const TEXTS_WITH_WAIT = Object.freeze({
  ATTEMPTS_EXHAUSTED: {
    en: (minutes) =>
      `You have tried too often. Please try again in ${spanOf(minutes, 'minute', 'hour', 's')}.`,
    zh: (minutes) => `尝试次数过多，请在 ${spanOf(minutes, '分钟', '小时')}后再试。`,
  },
});
