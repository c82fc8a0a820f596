using System.ComponentModel.DataAnnotations;
using Ctc.Configuration.Identity;
using Ctc.Experiments.Data.Cache;
using Ctc.Experiments.Files;

namespace Ctc.Experiments.Data.Manifest;

/// <summary>The options that data sources of manifests have in common: the sets and what is done to their texts.</summary>
internal interface ISetOptions
{
    /// <inheritdoc cref="SetFiles"/>
    string Train { get; }

    /// <inheritdoc cref="SetFiles"/>
    string? Dev { get; }

    /// <inheritdoc cref="SetFiles"/>
    string? Test { get; }

    /// <inheritdoc cref="SetFiles.SplitBy"/>
    SplitUnit SplitBy { get; }

    /// <inheritdoc cref="SetFiles.Seed"/>
    int Seed { get; }

    /// <inheritdoc cref="SetFiles.Noun"/>
    string Noun { get; }

    /// <inheritdoc cref="SetFiles.MayShareFiles"/>
    bool MayShareFiles => false;

    /// <inheritdoc cref="InvalidLines"/>
    InvalidLines Invalid { get; }

    /// <summary>Gets a file of symbols, or of a model of pieces; or from-all-sets; or null.</summary>
    string? Symbols { get; }

    /// <inheritdoc cref="TextRules"/>
    UnicodeForm Normalization { get; }

    /// <inheritdoc cref="TextRules.Unit"/>
    TextUnit Unit { get; }

    /// <inheritdoc cref="TextRules.WhiteSpace"/>
    WhiteSpace WhiteSpace { get; }

    /// <inheritdoc cref="TextRules.IsDisplayed"/>
    bool IsDisplayed => false;
}

/// <summary>What follows from <see cref="ISetOptions"/>.</summary>
internal static class SetOptions
{
    extension(ISetOptions options)
    {
        /// <summary>Gets the manifests, and how sets that are not given are drawn.</summary>
        public SetFiles Sets => new(options.Train, options.Dev, options.Test)
        {
            Noun = options.Noun,
            SplitBy = options.SplitBy,
            Seed = options.Seed,
            HasAllSymbols = options.Symbols == ManifestOptions.FromAllSets,
            MayShareFiles = options.MayShareFiles,
        };

        /// <summary>Creates the list of lines and inputs that are left out; null if they are an error.</summary>
        public Refusals? NewDropped() => options.Invalid == InvalidLines.Drop ? new Refusals(_ => { }) : null;

        /// <summary>Finds or computes the features of all lines; of those that are left out, null.</summary>
        /// <typeparam name="T">The kind of lines.</typeparam>
        /// <param name="cache">Keeps them.</param>
        /// <param name="sets">The lines.</param>
        /// <param name="method">The computation, as in <see cref="FeatureCache.Prepare"/>.</param>
        /// <param name="compute">Computes those of a line.</param>
        /// <returns>In the order of <see cref="LabelledSets{T}.All"/>.</returns>
        /// <exception cref="InvalidDataException">Inputs are not valid, and that is an error.</exception>
        public Queue<StoredFeatures?> Prepare<T>(FeatureCache cache, LabelledSets<T> sets, string method, Func<int, float[]> compute)
            where T : LabelledInput
        {
            string[] contents = [.. sets.All.Select(line => FileDigest.Compute(line.File) + line.Place)];
            if (options.NewDropped() is not { } dropped) return new(cache.Prepare(method, contents, compute));
            Queue<StoredFeatures?> valid = new(cache.PrepareValid(method, contents, compute, dropped));
            cache.TellDropped(options.Train, sets.Dropped + dropped.Count);
            return valid;
        }

        /// <summary>Gets what is done to texts. A model of pieces is one of texts with single spaces.</summary>
        public TextRules Rules => new(options.Normalization)
        {
            WhiteSpace = options.Unit == TextUnit.Piece ? WhiteSpace.Collapse : options.WhiteSpace,
            Unit = options.Unit,
            IsDisplayed = options.IsDisplayed,
        };

        /// <summary>Gets the file of symbols, or of a model of pieces; null if there is none.</summary>
        public string? SymbolFile => options.Symbols == ManifestOptions.FromAllSets ? null : options.Symbols;

        /// <summary>Gets the file of the model that splits texts into pieces; null if they are split otherwise.</summary>
        public string? PieceModel => options.Unit == TextUnit.Piece ? options.SymbolFile : null;

        /// <summary>Loads the symbols of texts.</summary>
        /// <exception cref="InvalidDataException">The file of symbols cannot be read.</exception>
        public SymbolText LoadSymbols() => new(options.Rules, options.SymbolFile);

        /// <summary>Refuses pieces without a model, and words or pieces in the order of display, which is one of characters.</summary>
        public IEnumerable<ValidationResult> FindFaults()
        {
            if (options.Unit == TextUnit.Piece && options.SymbolFile is null)
            {
                yield return new ValidationResult("unit is piece without a model; expected symbols: a file that spm_train has written", ["Unit"]);
            }

            if (options.Unit != TextUnit.Character && options.IsDisplayed)
            {
                string unit = options.Unit.ToString().ToLowerInvariant();
                yield return new ValidationResult(
                    $"unit is {unit}, and the direction auto puts characters in the order of display; expected another direction", ["Unit"]);
            }
        }
    }
}
