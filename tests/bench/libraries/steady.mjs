// `node --no-liftoff steady.mjs FOLDER PICTURES PHOTOS ROUNDS`: times all modules in fully optimised code, measures their
// memory, and prints JSON. Without that flag the first rounds would run the baseline compiler's code.
import { peakMemory, timeInput } from './measure.mjs';
import { loadModule } from './module.mjs';
import { PLANES, ROWS, XML } from './modules.mjs';
import { makeJpegs } from './photos.mjs';
import { makePictures, makeReplies } from './pictures.mjs';

/** @typedef {import('./module.mjs').Module} Module */
/** @typedef {import('./measure.mjs').Input & {run: (module: Module, at: number, isCheck: boolean) => number}} Work */

const [folder, picturesFolder, photosFolder, rounds] = process.argv.slice(2);
const say = (/** @type {string} */ text) => console.error(text);

/** @param {import('./pictures.mjs').Picture} picture @returns {Work} */
const workOfPicture = (picture) => ({
  name: picture.name,
  bytes: picture.file,
  times: 1,
  isExact: true,
  run: (module, at, isCheck) => module.rows(at, picture, isCheck),
});

/** @param {import('./pictures.mjs').Reply} reply @returns {Work} */
const workOfReply = ({ name, text, times }) => ({
  name,
  bytes: text,
  times,
  isExact: true,
  run: (module, at, isCheck) => module.xml(at, text, isCheck ? 1 : times),
});

/** @param {import('./photos.mjs').Photo} photo @returns {Work} */
const workOfPhoto = (photo) => ({
  name: photo.name,
  bytes: photo.file,
  times: 1,
  isExact: photo.isExact,
  run: (module, at, isCheck) => module.planes(at, photo, isCheck),
});

const pictures = await makePictures(picturesFolder, say);
const photos = await makeJpegs(photosFolder, say);
const replies = makeReplies().map(workOfReply);
/** @type {{names: string[], timed: Work[], large: Work}[]} */
const groups = [
  { names: ROWS, timed: pictures.timed.map(workOfPicture), large: workOfPicture(pictures.large) },
  { names: XML, timed: replies, large: replies[replies.length - 1] },
  { names: PLANES, timed: photos.timed.map(workOfPhoto), large: workOfPhoto(photos.large) },
];

const timings = [];
const memory = [];
for (const { names, timed, large } of groups) {
  const modules = await Promise.all(names.map((name) => loadModule(folder, name)));
  for (const work of timed) {
    say(`timing ${work.name}`);
    timings.push(timeInput(modules, work, Number(rounds), work.run));
  }
  const rows = [];
  for (const module of modules) {
    const bytes = await peakMemory(folder, module, large.bytes, (fresh, at) => large.run(fresh, at, true));
    rows.push({ module: module.name, bytes });
  }
  memory.push({ name: large.name, rows });
}
console.log(JSON.stringify({ timings, memory }));
