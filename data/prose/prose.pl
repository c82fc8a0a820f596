# Prints the sentences of pages in Markdown that have letters, digits and common punctuation alone, a sentence a line.
use strict; use warnings; use open qw(:std :utf8);
my %seen;
for my $page (@ARGV) {
  open my $in, '<', $page or die "$page: $!";
  local $/; my $text = <$in>;
  $text =~ s/^```.*?^```//gms;                       # code
  $text =~ s/^(?:\||#|<|!).*$//gm;                   # tables, headings, comments, pictures
  for my $block (split /\n\s*\n|^- /m, $text) {
    $block =~ s/\[([^\]]*)\]\([^)]*\)/$1/gs;         # links
    $block =~ s/[`*]//g; $block =~ s/\s+/ /g;
    for my $sentence (split /(?<=[.:]) (?=[A-Z])/, $block) {
      $sentence =~ s/^\s+|\s+$//g;
      print "$sentence\n" if $sentence =~ /^[A-Za-z0-9 .,;:()'-]{20,}$/ && $sentence !~ /--|\.\.|[a-z]\.[a-z]|- / && !$seen{$sentence}++;
    }
  }
}
