// Implements parse_xml() without a parser. The module's size is the baseline that the others have in common.
#include "text/xml.hpp"

namespace netocr {

Result<Tree> parse_xml(std::string_view text, const Limits& limits) {
  Result<TreeBuilder> builder = TreeBuilder::create(text.size(), limits);
  if (!builder.ok()) return builder.error();
  if (Status named = builder->set_key(text); !named.ok()) return named.error();
  if (Status opened = builder->open(NodeKind::kElement); !opened.ok()) return opened.error();
  if (Status added = builder->add(NodeKind::kAttribute, text); !added.ok()) return added.error();
  if (Status added = builder->append_text(text); !added.ok()) return added.error();
  if (Status unique = builder->check_unique_keys(); !unique.ok()) return unique.error();
  builder->close();
  return std::move(builder).value().finish();
}

}  // namespace netocr
