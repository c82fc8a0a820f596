# Writes the tables beside this file from the Unicode Character Database that Perl carries:
#   perl data/unicode/tables.pl
use strict;
use warnings;
use File::Basename;
use Unicode::Normalize qw(NFD NFKD);
use Unicode::UCD qw(prop_invmap);

sub lines_to {
    my ($name, @lines) = @_;
    open my $file, '>', dirname(__FILE__) . "/$name" or die "$name: $!";
    print $file "# Unicode ", Unicode::UCD::UnicodeVersion(), "\n", map { "$_\n" } @lines;
    close $file or die "$name: $!";
}

sub hex_of { join ' ', map { sprintf '%04X', ord } split //, shift }

my ($starts, $classes) = prop_invmap('Bidi_Class');
my @ranges;
for my $i (0 .. $#$starts) {
    next if $classes->[$i] eq 'L';
    my $end = $i < $#$starts ? $starts->[$i + 1] - 1 : 0x10FFFF;
    push @ranges, sprintf '%04X %04X %s', $starts->[$i], $end, $classes->[$i];
}
lines_to('bidi-classes.txt', @ranges);

my ($points, $glyphs) = prop_invmap('Bidi_Mirroring_Glyph');
my @pairs;
for my $i (0 .. $#$points) {
    next if $glyphs->[$i] eq '';
    my $end = $i < $#$points ? $points->[$i + 1] - 1 : $points->[$i];
    push @pairs, sprintf '%04X %04X', $_, $glyphs->[$i] for $points->[$i] .. $end;
}
lines_to('mirrored.txt', @pairs);

my @mappings;
for my $code (0 .. 0x10FFFF) {
    next if $code >= 0xD800 && $code <= 0xDFFF;
    my $char = chr $code;
    push @mappings, sprintf '%04X %s', $code, hex_of(NFKD($char)) if NFKD($char) ne NFD($char);
}
lines_to('compatibility.txt', @mappings);
