/* test/Guests/objects.cpp: C++: virtual calls, exceptions, streams, containers.
 *
 * Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
 * See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct Shape {
  virtual ~Shape() = default;
  virtual int area() const = 0;
};

struct Square final : Shape {
  int Side;
  explicit Square(int Side) : Side(Side) {}
  int area() const override { return Side * Side; }
};

struct Rectangle final : Shape {
  int Width, Height;
  Rectangle(int Width, int Height) : Width(Width), Height(Height) {}
  int area() const override {
    if (Width > 20)
      throw std::out_of_range("too wide");
    return Width * Height;
  }
};

} // namespace

int main() {
  std::vector<std::unique_ptr<Shape>> Shapes;
  for (int I = 1; I != 25; ++I)
    if (I % 2)
      Shapes.push_back(std::make_unique<Square>(I));
    else
      Shapes.push_back(std::make_unique<Rectangle>(I, 3));
  std::map<std::string, int> Totals;
  for (const auto &Each : Shapes)
    try {
      Totals["area"] += Each->area();
    } catch (const std::out_of_range &Wrong) {
      ++Totals[Wrong.what()];
    }
  std::ostringstream Text;
  for (const auto &[Name, Value] : Totals)
    Text << Name << '=' << Value << ';';
  std::cout << Text.str() << std::endl;
  return Text.str() == "area=2630;too wide=2;" ? 0 : 1;
}
