using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Ctc.Configuration.Yaml;
using Ctc.Hosting;

namespace Ctc.Configuration.Binding;

/// <summary>Binds mappings to records: a key for each property; unknown keys, wrong types and values out of range are errors.</summary>
/// <param name="catalog">The parts that can be named.</param>
/// <param name="baseFolder">The folder that relative paths start from.</param>
/// <param name="filesMayBeGone">If true, data files need not exist.</param>
internal sealed class Binder(PartCatalog catalog, string baseFolder, bool filesMayBeGone = false)
{
    /// <param name="value">A mapping; anything else is an error.</param>
    /// <param name="type">A record with a constructor without parameters.</param>
    /// <param name="label">The name of the mapping in messages.</param>
    /// <param name="otherKey">A further key that is allowed here and parsed elsewhere; null if there is none.</param>
    public object Record(YamlValue value, Type type, string label, string? otherKey = null)
    {
        if (value is not YamlMapping mapping) throw value.Refuse(label, "a mapping");

        object record = Create(type, label, mapping.Location);
        OptionProperty[] options = [.. OptionProperty.AllOf(type)];
        string[] known = [.. options.Select(option => option.Key), .. otherKey is null ? Array.Empty<string>() : [otherKey]];
        foreach (YamlEntry entry in mapping.Entries.Where(entry => entry.Key.Text != otherKey))
        {
            OptionProperty option = options.FirstOrDefault(option => option.Key == entry.Key.Text)
                ?? throw Unknown(entry.Key, known, label);
            Set(record, option, Value(entry.Value, option), entry.Value);
        }

        foreach (OptionProperty option in options.Where(option => mapping[option.Key] is null)) FillIn(record, option, mapping, label);
        if (record is IValidatableObject rules) OptionCheck.Rules(rules, mapping);
        return record;
    }

    /// <summary>Binds the value of an option, without its range checks and other validation.</summary>
    public object? Value(YamlValue value, OptionProperty option) =>
        option.TakesNull && IsNothing(value, option) ? null : Value(value, option.Type, option);

    // The word none disables an optional term of a formula. It may be quoted, as every word is in JSON: no such option is text.
    private static bool IsNothing(YamlValue value, OptionProperty option) =>
        value is YamlScalar { IsNull: true } || (value is YamlScalar { Text: "none" } && IsSwitchedOffByAWord(option.Type));

    private static bool IsSwitchedOffByAWord(Type type) => 
        Nullable.GetUnderlyingType(type) is not null || type == typeof(Schedule) || type == typeof(PartChoice) || RecordKinds.AllOf(type).Count > 0;

    private object? Value(YamlValue value, Type type, OptionProperty option)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying) return value is YamlScalar { IsNull: true } ? null : Value(value, underlying, option);
        if (OptionProperty.ElementOf(type) is { } element) return List(value, element, option);
        if (type == typeof(PartChoice)) return new PartReader(catalog, this).Bind(value, option);
        if (type == typeof(Schedule)) return ScheduleReader.Bind(value, option, catalog, new PartReader(catalog, this));
        if (type.IsAssignableTo(typeof(INamedRecord))) return NamedRecord(value, type, option);
        bool canBeKind = value is YamlMapping || ScalarReader.Noun(type) is null;
        if (canBeKind && RecordKinds.AllOf(type) is { Count: > 0 } kinds) return Kind(value, kinds, option);
        if (ScalarReader.Noun(type) is null) return Record(value, type, option.Key);

        object scalar = ScalarReader.Parse(value, type, option.Key);
        return option.File is { } file && !filesMayBeGone && (string)scalar != file.OrWord
            ? ResolvedPath.ToFile((string)scalar, baseFolder, option.Key, value, option.FileInFolder, file.OrFolder)
            : scalar;
    }

    /// <summary><c>{ kind: { option: value } }</c>, or <c>kind</c> alone.</summary>
    private object Kind(YamlValue value, IReadOnlyDictionary<string, Type> kinds, OptionProperty option)
    {
        string expected = $"one of {string.Join(", ", kinds.Keys)}";
        if (value is YamlMapping { Entries.Count: > 1 } several)
        {
            string found = string.Join(", ", several.Entries.Select(entry => YamlScalar.Shown(entry.Key.Text)));
            string sentence = $"{option.Key} has the keys {found} side by side; expected {expected}, with its options indented below it";
            throw new ConfigurationException(value.Location, sentence);
        }

        if (PartName.Parse(value) is not { } kind) throw value.Refuse(option.Key, expected);

        Type type = kinds.GetValueOrDefault(kind.Key.Text) ?? throw Unknown(kind.Key, kinds.Keys, option.Key);
        return Record(kind.Value is YamlScalar { IsNull: true } ? new YamlMapping(kind.Key.Location, []) : kind.Value, type, kind.Key.Text);
    }

    /// <summary><c>{ name: { key: value } }</c>, or <c>name</c> alone.</summary>
    private INamedRecord NamedRecord(YamlValue value, Type type, OptionProperty option)
    {
        if (PartName.Parse(value) is not { } item) throw value.Refuse(option.Key, "items such as { name: { key: value } }");
        YamlValue body = item.Value is YamlScalar { IsNull: true } ? new YamlMapping(item.Key.Location, []) : item.Value;
        return ((INamedRecord)Record(body, type, item.Key.Text)).Named(item.Key.Text, item.Key.Location);
    }

    private Array List(YamlValue value, Type element, OptionProperty option)
    {
        if (value is not YamlList list) throw value.Refuse(option.Key, "a list");
        if (list.Items.Count == 0 && option.Point is { Default.Count: > 0, Noun: var noun })
        {
            throw new ConfigurationException(value.Location, $"{option.Key} is an empty list; expected at least one {noun}");
        }

        Array items = Array.CreateInstance(element, list.Items.Count);
        for (int i = 0; i < items.Length; i++) items.SetValue(Value(list.Items[i], element, option), i);
        return items;
    }

    /// <summary>Applies the default of a missing key; a missing required key is an error.</summary>
    private void FillIn(object record, OptionProperty option, YamlMapping mapping, string label)
    {
        object? value = option.Get(record);
        if (option.Point?.Default is { Count: > 0 } names)
        {
            YamlValue[] written = [.. names.Select(name => new YamlScalar(mapping.Location, name, Plain: true))];
            option.Set(record, Value(option.IsList ? new YamlList(mapping.Location, written) : written.Single(), option));
        }
        else if (option.IsRequired || (value is null && option.Checks.OfType<RequiredAttribute>().Any()))
        {
            throw new ConfigurationException(mapping.Location, $"missing key '{option.Key}' in {label}; expected {Noun(option)}");
        }
        else if (option.File is not null && value is string path)
        {
            option.Set(record, Value(new YamlScalar(mapping.Location, path, Plain: false), option));
        }
    }

    private static string Noun(OptionProperty option) =>
        option.File is { } file && !option.IsList ? file.OrFolder ? "the path of a file or a folder" : "the path of a file"
        : option.Point?.Selector is { } selector ? $"a mapping with '{selector}'"
        : option.IsList ? "a list"
        : ScalarReader.Noun(Nullable.GetUnderlyingType(option.Type) ?? option.Type) ?? "a mapping";

    private static void Set(object record, OptionProperty option, object? value, YamlValue source)
    {
        try
        {
            option.Set(record, value);
        }
        catch (TargetInvocationException refusal)
        {
            string reason = (refusal.InnerException ?? refusal).Message.TrimEnd('.');
            throw new ConfigurationException(source.Location, $"{option.Key} is {source.Found}; {reason}", refusal);
        }

        OptionCheck.Value(record, option, value, source);
    }

    private static object Create(Type type, string label, YamlLocation location)
    {
        if (type.Assembly == typeof(object).Assembly)
        {
            throw new ConfigurationException(location, $"{label} has the type {type}; expected a plugin to use types that YAML has");
        }

        try
        {
            return Activator.CreateInstance(type)!;
        }
        catch (Exception failure) when (failure is MissingMethodException or TargetInvocationException)
        {
            string reason = failure.InnerException?.Message ?? "it has no constructor without parameters";
            throw new ConfigurationException(location, $"the options of {label} cannot be made: {type.Name}: {reason.TrimEnd('.')}", failure);
        }
    }

    private static ConfigurationException Unknown(YamlScalar key, IEnumerable<string> known, string label) =>
        new(key.Location, $"unknown key '{YamlScalar.Shown(key.Text)}' in {label}; {NearestName.Suggest(key.Text, known)}");
}
