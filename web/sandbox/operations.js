// The five endpoints as the service documents them, with the items that each answers. Written from the documentation,
// not shared with the proxy's allow-list or the C++ table: the sandbox is the second opinion on both.

/**
 * @typedef {object} Item
 * @property {string} desc
 * @property {string} content
 */

/**
 * @typedef {object} Operation
 * @property {string} name
 * @property {string} path
 * @property {string} typeId
 * @property {readonly string[]} fields of the images or the video
 * @property {boolean} isUpload files as multipart parts instead of base64 text
 * @property {'image' | 'video'} media
 * @property {'api' | 'verapi'} dialect which of the two families of reply shapes
 * @property {'inline' | 'split'} shape whether an item's value stands in its desc, as documented
 * @property {Readonly<Record<string, null | undefined>>} extras what an item has beside desc and content, as documented
 * @property {string} verdictItem
 * @property {string} passWord
 * @property {string} failWord
 * @property {readonly Item[]} passItems what is answered for a pass; verdict and score are replaced for a failure
 * @property {readonly Item[]} failItems
 */

const SPLIT = { shape: /** @type {const} */ ('split') };
const VERAPI = {
  isUpload: false,
  media: /** @type {const} */ ('image'),
  dialect: /** @type {const} */ ('verapi'),
};
const YES_NO = { verdictItem: '判定结果', passWord: '是', failWord: '否' };

/**
 * @param {readonly [string, string][]} pairs
 * @returns {readonly Item[]}
 */
const items = (pairs) => Object.freeze(pairs.map(([desc, content]) => Object.freeze({ desc, content })));

/**
 * An invented person: area code 990101 is given to no place in China, and the check digit is right (GB 11643).
 *
 * @param {string} score
 * @param {string} verdict
 * @returns {readonly Item[]}
 */
const idCardItems = (score, verdict) =>
  items([
    ['判定值', score],
    ['判定结果', verdict],
    ['保留', ''],
    ['姓名', '沙箱演示'],
    ['性别', '女'],
    ['民族', '汉'],
    ['出生', '1990-03-07'],
    ['住址', '沙箱省演示市样本路1号'],
    ['公民身份号码', '990101199003070023'],
  ]);

const ID_CARD = {
  ...SPLIT,
  ...YES_NO,
  typeId: '9999',
  media: /** @type {const} */ ('image'),
  dialect: /** @type {const} */ ('api'),
  extras: { nID: null, index: null },
  // The scale of api/face* is 0 to 1, whatever the documentation says of 0 to 100: so are its sample and a real reply.
  passItems: idCardItems('1.0', '是'),
  failItems: idCardItems('0.12345678', '否'),
};

/** @type {readonly Operation[]} */
export const OPERATIONS = Object.freeze([
  {
    ...VERAPI,
    ...YES_NO,
    name: 'compareFaces',
    path: 'verapi/verFaceImage.do',
    typeId: '21',
    fields: ['img1', 'img2'],
    shape: 'inline',
    extras: { name: null },
    passItems: items([
      ['判定结果', '是'],
      ['判定值', '100.0'],
    ]),
    failItems: items([
      ['判定结果', '否'],
      ['判定值', '12.345678'],
    ]),
  },
  {
    ...VERAPI,
    ...YES_NO,
    ...SPLIT,
    name: 'checkLiveness',
    path: 'verapi/verLivenessImage.do',
    typeId: '3035',
    fields: ['img'],
    extras: {},
    passItems: items([
      ['判定结果', '是'],
      ['判定值', '0.001'],
    ]),
    failItems: items([
      ['判定结果', '否'],
      ['判定值', '99.87'],
    ]),
  },
  {
    ...VERAPI,
    ...SPLIT,
    name: 'checkVideoLiveness',
    path: 'verapi/verLivenessVideo.do',
    typeId: '3036',
    fields: ['videoContent'],
    media: 'video',
    extras: { name: null },
    verdictItem: '是否为活体',
    passWord: '活体',
    failWord: '非活体',
    passItems: items([
      ['判定值', '0.8'],
      ['是否为活体', '活体'],
      ['是否有换人', '否'],
      ['是否有眨眼', '是'],
      ['是否有张嘴', '是'],
    ]),
    failItems: items([
      ['判定值', '100.0'],
      ['是否为活体', '非活体'],
      ['是否有换人', '否'],
      ['是否有眨眼', '否'],
      ['是否有张嘴', '否'],
    ]),
  },
  { ...ID_CARD, name: 'matchIdCard', path: 'api/faceliu.do', fields: ['img1', 'img2'], isUpload: false },
  {
    ...ID_CARD,
    name: 'matchIdCardFile',
    path: 'api/facerecog.do',
    fields: ['file1', 'file2'],
    isUpload: true,
  },
]);

/** Names of all operations, and of those with an ID card. */
export const ALL = Object.freeze(OPERATIONS.map(({ name }) => name));
export const WITH_ID_CARD = Object.freeze(['matchIdCard', 'matchIdCardFile']);
