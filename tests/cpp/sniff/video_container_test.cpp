// Containers are recognised by their bytes; pictures, documents and text are not taken for one.
#include <gtest/gtest.h>

#include "cpp/video/files.hpp"

namespace netocr::test {
namespace {

struct Case {
  const char* what;
  File file;
  VideoContainer container;
};

TEST(SniffVideo, KnowsContainers) {
  const std::vector<Case> cases = {
      {"mp4", mp4(4000), VideoContainer::kMp4},
      {"fragmented mp4", fragmented_mp4(1), VideoContainer::kMp4},
      {"mp42", ftyp("mp42"), VideoContainer::kMp4},
      {"avc1", ftyp("avc1"), VideoContainer::kMp4},
      {"M4V", ftyp("M4V ", "M4V "), VideoContainer::kMp4},
      {"3gp", ftyp("3gp5", "3gp5"), VideoContainer::kMp4},
      {"3g2", ftyp("3g2a", "3g2a"), VideoContainer::kMp4},
      {"f4v", ftyp("f4v ", "f4v "), VideoContainer::kMp4},
      {"unknown major brand", ftyp("XAVC", "XAVCmp42"), VideoContainer::kMp4},
      {"unknown major brand, picture and movie brands", ftyp("abcd", "mif1iso8"), VideoContainer::kMp4},
      {"mov", ftyp("qt  ", "qt  "), VideoContainer::kMov},
      {"mov, moov first", box("moov", filler(8)), VideoContainer::kMov},
      {"mov, mdat first", box("mdat", filler(8)), VideoContainer::kMov},
      {"mov, mdat of 64 bits", box64("mdat", filler(8)), VideoContainer::kMov},
      {"mov, wide first", box("wide", {}), VideoContainer::kMov},
      {"mkv", mkv(4000), VideoContainer::kMkv},
      {"mkv without a DocType", element(0x1A45DFA3, number(0x4286, 1, 1)), VideoContainer::kMkv},
      {"webm", mkv(4000, "webm"), VideoContainer::kWebm},
      {"live webm", live_webm(1), VideoContainer::kWebm},
      {"avi", avi(100), VideoContainer::kAvi},
      {"flv", flv(4), VideoContainer::kFlv},
      {"wmv", wmv(4000), VideoContainer::kWmv},
      {"rm", rm(4000), VideoContainer::kRm},
      {"mpeg-2 program stream", mpg(1), VideoContainer::kMpg},
      {"mpeg-1 program stream", mpeg1_pack() + pes1(0, picture()), VideoContainer::kMpg},
      {"mpeg elementary stream", sequence_header() + picture(), VideoContainer::kMpg},
      {"mpeg transport stream", ts(2), VideoContainer::kMpg},
      {"ogg", ogg("\x80theora"), VideoContainer::kOgg},
  };
  for (const Case& test : cases) EXPECT_EQ(sniff_video(test.file), test.container) << test.what;
}

TEST(SniffVideo, LeavesOthersAlone) {
  const std::vector<Case> cases = {
      {"nothing", {}, VideoContainer::kUnknown},
      {"one byte", filler(1), VideoContainer::kUnknown},
      {"zeroes", filler(5000), VideoContainer::kUnknown},
      {"jpeg", text("\xFF\xD8\xFF\xE0") + be(2, 16) + text("JFIF") + filler(100), VideoContainer::kUnknown},
      {"png", text("\x89PNG\r\n\x1A\n") + filler(100), VideoContainer::kUnknown},
      {"gif", text("GIF89a") + filler(600, 0x47), VideoContainer::kUnknown},
      {"bmp", text("BM") + filler(100), VideoContainer::kUnknown},
      {"tiff", text(std::string_view("II*\0", 4)) + filler(100), VideoContainer::kUnknown},
      {"tiff whose pixels begin as a box", text(std::string_view("II*\0ftypisom", 12)) + filler(100),
       VideoContainer::kUnknown},
      {"icon", be(4, 0x100) + filler(100), VideoContainer::kUnknown},
      {"jp2", be(4, 12) + text("jP  \r\n\x87\n") + ftyp("jp2 ", "jp2 "), VideoContainer::kUnknown},
      {"wsq", be(4, 0xFFA0FFA8) + filler(100), VideoContainer::kUnknown},
      {"webp", list("WEBP", chunk("VP8 ", filler(30)), "RIFF"), VideoContainer::kUnknown},
      {"wav", list("WAVE", chunk("fmt ", filler(16)), "RIFF"), VideoContainer::kUnknown},
      {"pdf", text("%PDF-1.7") + filler(100), VideoContainer::kUnknown},
      {"heic", ftyp("heic", "mif1heic"), VideoContainer::kUnknown},
      {"AVC picture", ftyp("avci", "mif1avci"), VideoContainer::kUnknown},
      {"AVC sequence", ftyp("avcs", "msf1avcsiso8"), VideoContainer::kUnknown},
      {"heic sequence", ftyp("hevc", "msf1hevciso8"), VideoContainer::kUnknown},
      {"mif1", ftyp("mif1", "mif1heic"), VideoContainer::kUnknown},
      {"avif", ftyp("avif", "avifmif1miafMA1B"), VideoContainer::kUnknown},
      {"avif sequence", ftyp("avis", "avismsf1iso8mif1"), VideoContainer::kUnknown},
      {"unknown major brand, picture brands", ftyp("abcd", "mif1heic"), VideoContainer::kUnknown},
      {"cr3", ftyp("crx ", "crx isom"), VideoContainer::kUnknown},
      {"ftyp too small", be(4, 8) + text("ftyp") + filler(20), VideoContainer::kUnknown},
      {"ftyp cut off",
       text(std::string_view("\0\0\0\x18"
                             "ftypiso",
                             11)),
       VideoContainer::kUnknown},
      {"another EBML document", ebml_header("private"), VideoContainer::kUnknown},
      {"real audio", text(".ra\xFD") + filler(100), VideoContainer::kUnknown},
      {"mp3", text("ID3") + filler(100), VideoContainer::kUnknown},
      {"h.264 elementary stream", be(4, 1) + be(1, 0x67) + filler(100), VideoContainer::kUnknown},
      {"sequence header without a size", be(4, 0x1B3) + be(4, 3) + filler(100), VideoContainer::kUnknown},
      {"sequence header without a frame rate", be(4, 0x1B3) + be(4, 0x04004010) + filler(100),
       VideoContainer::kUnknown},
      {"sync bytes that stop", transport_packet(0, true, {}) + transport_packet(0, true, {}) + filler(188),
       VideoContainer::kUnknown},
      {"text with moov", text("The moov box of a movie") + filler(100, ' '), VideoContainer::kUnknown},
      {"text with free", text("are free of charge"), VideoContainer::kUnknown},
      {"html", text("<!DOCTYPE html><html></html>"), VideoContainer::kUnknown},
      {"data url", text("data:video/mp4;base64,AAAA"), VideoContainer::kUnknown},
  };
  for (const Case& test : cases) EXPECT_EQ(sniff_video(test.file), test.container) << test.what;
}

}  // namespace
}  // namespace netocr::test
