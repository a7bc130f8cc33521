// Reference values and files made by ITK 5: STAPLE (itkSTAPLEImageFilter), and one mask as its NIfTI, NRRD and PNG writers write it.
// Usage: masks OUT_DIR. See CMakeLists.txt beside it.
#include <itkImage.h>
#include <itkImageFileWriter.h>
#include <itkNiftiImageIO.h>
#include <itkNrrdImageIO.h>
#include <itkPNGImageIO.h>
#include <itkSTAPLEImageFilter.h>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

using Flat = itk::Image<unsigned char, 2>;
using Deep = itk::Image<unsigned char, 3>;

static const int W = 48, H = 40;

struct Rater { double x, y, r; int odd; };
// Five raters of one lesion: four near each other, one who draws much larger; every rater misses some pixels by a fixed rule.
static const std::vector<Rater> RATERS = {{23.5, 19.0, 9.5, 11}, {24.0, 19.5, 9.0, 13}, {23.0, 20.0, 10.0, 17}, {24.5, 18.5, 9.5, 19}, {26.0, 21.0, 14.0, 7}};

static bool set(const Rater & m, int x, int y) {
  const bool inside = std::hypot(x + 0.5 - m.x, y + 0.5 - m.y) <= m.r;
  return (x * 31 + y * 17) % (m.odd * 5) == 0 ? !inside : inside;
}

static Flat::Pointer rated(const Rater & m) {
  auto image = Flat::New();
  Flat::SizeType size; size[0] = W; size[1] = H;
  image->SetRegions(Flat::RegionType(size));
  image->Allocate();
  for (int y = 0; y < H; y++) for (int x = 0; x < W; x++) image->SetPixel({{x, y}}, set(m, x, y) ? 1 : 0);
  return image;
}

// 20 x 16: a blob with a hole, a second part, a pixel in the corner. No symmetry, so that a flip is seen.
static bool tricky(int x, int y) {
  if (y >= 2 && y < 12 && x >= 3 && x < 13 && (x < 6 || x > 8 || y < 5 || y > 7)) return true;
  return (x == 13 && y == 12) || (x == 19 && y == 15);
}

template <typename IO, typename Image> static void write(Image * image, const std::string & path, bool compress) {
  auto writer = itk::ImageFileWriter<Image>::New();
  writer->SetImageIO(IO::New());
  writer->SetInput(image);
  writer->SetFileName(path);
  writer->SetUseCompression(compress);
  writer->Update();
}

int main(int, char ** argv) {
  const std::string out = argv[1];
  auto filter = itk::STAPLEImageFilter<Flat, itk::Image<double, 2>>::New();
  filter->SetForegroundValue(1);
  for (size_t i = 0; i < RATERS.size(); i++) filter->SetInput(i, rated(RATERS[i]));
  filter->Update();
  std::ofstream json(out + "/staple.json");
  json.precision(17);
  json << "{\n  \"program\": \"ITK " << ITK_VERSION_MAJOR << "." << ITK_VERSION_MINOR << "." << ITK_VERSION_PATCH << " itkSTAPLEImageFilter\",\n  \"iterations\": " << filter->GetElapsedIterations() << ",\n  \"sensitivity\": [";
  for (size_t i = 0; i < RATERS.size(); i++) json << (i ? ", " : "") << filter->GetSensitivity(i);
  json << "],\n  \"specificity\": [";
  for (size_t i = 0; i < RATERS.size(); i++) json << (i ? ", " : "") << filter->GetSpecificity(i);
  json << "],\n  \"consensus\": [\n";
  double sum = 0;
  for (int y = 0; y < H; y++) {
    json << "    \"";
    for (int x = 0; x < W; x++) {
      const double w = filter->GetOutput()->GetPixel({{x, y}});
      sum += w;
      json << (w >= 0.5 ? '#' : '.');
    }
    json << (y + 1 < H ? "\",\n" : "\"\n");
  }
  json << "  ],\n  \"probability_sum\": " << sum << "\n}\n";

  auto flat = Flat::New();
  auto deep = Deep::New();
  Flat::SizeType size2; size2[0] = 20; size2[1] = 16;
  Deep::SizeType size3; size3[0] = 20; size3[1] = 16; size3[2] = 1;
  flat->SetRegions(Flat::RegionType(size2));
  deep->SetRegions(Deep::RegionType(size3));
  flat->Allocate();
  deep->Allocate();
  for (int y = 0; y < 16; y++) for (int x = 0; x < 20; x++) {
    flat->SetPixel({{x, y}}, tricky(x, y) ? 255 : 0);
    deep->SetPixel({{x, y, 0}}, tricky(x, y) ? 1 : 0);
  }
  Deep::SpacingType spacing; spacing[0] = 0.2; spacing[1] = 0.3; spacing[2] = 1;
  deep->SetSpacing(spacing);
  write<itk::NiftiImageIO, Deep>(deep, out + "/itk.nii.gz", true);
  write<itk::NrrdImageIO, Deep>(deep, out + "/itk.nrrd", true);
  write<itk::PNGImageIO, Flat>(flat, out + "/itk.png", true);
  return 0;
}
