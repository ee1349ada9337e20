# Tests of wasm/video. video_ffmpeg_test needs ffmpeg and ffprobe on the PATH.
foreach(unit sniff iso_media matroska avi flv asf realmedia mpeg probe walk ffmpeg)
  netocr_test(video_${unit}_test video_${unit}_test.cpp LIBS netocr_video)
endforeach()
netocr_test(video_contract_test video_contract_test.cpp LIBS netocr_video netocr_text netocr::json)
