/// What a wire type looks like as JSON.
///
/// Found out by having the type read from nothing: every field that it asks for is noted. So requests are checked against,
/// and `openapi.json` describes, what the types are and not what somebody wrote of them.
package indirect enum WireShape: Hashable, Sendable {
    case anything, flag, text, integer, number
    case words([String])
    case list(WireShape)
    /// An object whose members have names of their own: labels.
    case map(WireShape)
    case object(WireObject)

    package init(of type: any Decodable.Type) { self = ShapeReader().shape(of: type) }
}

package struct WireObject: Hashable, Sendable {
    /// `PlanResolution`
    package let name: String
    /// In the order in which the type reads them.
    package let fields: [WireField]
    /// Fields of type String that hold one of a few words, for the document: the service says which are wrong.
    package let words: [String: [String]]
}

package struct WireField: Hashable, Sendable {
    package let name: String
    package let shape: WireShape
    package let mayBeAbsent: Bool
}

/// A type with fields of type String that hold one of a few words: by the field's name.
package protocol WordFields {
    static var words: [String: [String]] { get }
}

/// Reads types from nothing and remembers them.
final class ShapeReader {
    /// Types that could not be read to their end, whose shape is cut; a test wants none.
    private(set) var gaps: [String] = []
    private var known: [ObjectIdentifier: (shape: WireShape, value: Any?)] = [:]

    func shape(of type: any Decodable.Type) -> WireShape {
        func open<Value: Decodable>(_ type: Value.Type) -> WireShape { read(type).shape }
        return open(type)
    }

    /// The shape of `type`, and an empty value; nil: it has none.
    func read<Value: Decodable>(_ type: Value.Type) -> (shape: WireShape, value: Value?) {
        if let (shape, value) = known[ObjectIdentifier(type)] { return (shape, value as? Value) }
        let found: (shape: WireShape, value: Any?)
        switch type {
        case is Bool.Type: found = (.flag, false)
        case is String.Type: found = (.text, "")
        case is Double.Type: found = (.number, Double(0))
        case let number as any FixedWidthInteger.Type: found = (.integer, number.init(0))
        case let collection as any ShapedCollection.Type: found = (collection.shape(self), collection.empty)
        case let choices as any CaseIterable.Type: found = Self.words(of: choices) ?? probe(type)
        default: found = probe(type)
        }
        known[ObjectIdentifier(type)] = found
        return (found.shape, found.value as? Value)
    }

    private func probe<Value: Decodable>(_ type: Value.Type) -> (shape: WireShape, value: Any?) {
        let note = ShapeNote()
        var value: Value?
        // A type that holds itself has no empty value.
        known[ObjectIdentifier(type)] = (.anything, nil)
        do { value = try Value(from: ProbeDecoder(note: note, reader: self)) } catch {
            gaps.append("\(type): \(error)")
        }
        guard note.isObject else { return (note.whole, value) }
        let words = (type as? any WordFields.Type)?.words ?? [:]
        return (.object(WireObject(name: Self.name(of: type), fields: note.fields, words: words)), value)
    }

    /// `PatchbayAPI.API.Plan.Resolution` is `PlanResolution`.
    private static func name(of type: Any.Type) -> String {
        let modules: Set<Substring> = ["PatchbayAPI", "PatchbayCore", "API"]
        return String(reflecting: type).split(separator: ".").drop { modules.contains($0) }.joined()
    }

    /// nil: no enum of words.
    private static func words(of type: any CaseIterable.Type) -> (shape: WireShape, value: Any?)? {
        func open<Choices: CaseIterable>(_ type: Choices.Type) -> (shape: WireShape, value: Any?)? {
            let words = type.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
            guard let first = type.allCases.first, !words.isEmpty else { return nil }
            return (.words(words), first)
        }
        return open(type)
    }
}

private protocol ShapedCollection {
    static var empty: Any { get }
    static func shape(_ reader: ShapeReader) -> WireShape
}

extension Array: ShapedCollection where Element: Decodable {
    fileprivate static var empty: Any { [Element]() }
    fileprivate static func shape(_ reader: ShapeReader) -> WireShape { .list(reader.shape(of: Element.self)) }
}

extension Dictionary: ShapedCollection where Key == String, Value: Decodable {
    fileprivate static var empty: Any { [String: Value]() }
    fileprivate static func shape(_ reader: ShapeReader) -> WireShape { .map(reader.shape(of: Value.self)) }
}
