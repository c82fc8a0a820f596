using System.Reflection;
using Ctc.Engine.Objectives;
using Ctc.Hosting;

namespace Ctc.Configuration.Binding;

/// <summary>Composes parts of any extension points into the engine's <see cref="ObjectiveParts"/>.</summary>
public static class ObjectiveComposition
{
    /// <summary>Composes the parts of an objective.</summary>
    /// <param name="parts">Created parts, each with the interface of its extension point: one class may implement several.</param>
    /// <returns>The parts to create an <see cref="Objective"/> from. Parts of one extension point keep their order.</returns>
    /// <exception cref="ArgumentException">An extension point is not part of an objective.</exception>
    public static ObjectiveParts Compose(IEnumerable<(Type Point, IPart Part)> parts)
    {
        var composed = new ObjectiveParts();
        foreach (IGrouping<Type, (Type Point, IPart Part)> group in parts.GroupBy(part => part.Point))
        {
            IPart[] here = [.. group.Select(part => part.Part)];
            PropertyInfo property = PropertyFor(ExtensionPoint.From(group.Key));
            property.SetValue(composed, property.PropertyType == group.Key ? here.Single() : ListOf(group.Key, here));
        }

        return composed;
    }

    /// <summary>The property of <see cref="ObjectiveParts"/> that holds the parts of an extension point.</summary>
    internal static PropertyInfo PropertyFor(ExtensionPoint point)
    {
        Type type = point.IsList ? typeof(IReadOnlyList<>).MakeGenericType(point.Interface) : point.Interface;
        return typeof(ObjectiveParts).GetProperties().SingleOrDefault(property => property.PropertyType == type)
            ?? throw new ArgumentException($"A {point.Noun} fits into no objective.", nameof(point));
    }

    private static Array ListOf(Type point, IPart[] parts)
    {
        Array list = Array.CreateInstance(point, parts.Length);
        Array.Copy(parts, list, parts.Length);
        return list;
    }
}
