import Foundation
import PatchbayCore

/// Where this machine gets its Debian packages from: the mirrors that its own apt is set up with, and their backports.
struct AptSources: Hashable {
    struct Source: Hashable {
        var uri: String
        var suite: String
        var keyring: String?
    }

    var sources: [Source]
    var codename: String

    var backports: String { "\(codename)-backports" }

    /// In apt's one-line format (sources.list(5)).
    var list: String {
        sources.map { source in
            let options = source.keyring.map { "[signed-by=\($0)] " } ?? ""
            return "deb \(options)\(source.uri) \(source.suite) main\n"
        }.joined()
    }

    /// Reads the sources in both formats of apt, keeps this release's, and adds backports from the same mirror.
    ///
    /// - Parameter files: contents of `/etc/apt/sources.list` and of the files in `/etc/apt/sources.list.d`, by name.
    init(files: [String: String], codename: String) throws(Problem) {
        self.codename = codename
        let all = files.sorted { $0.key < $1.key }.flatMap { name, text in
            name.hasSuffix(".sources") ? Self.stanzas(text) : Self.lines(text)
        }
        sources = all.filter { $0.suite == codename || $0.suite.hasPrefix("\(codename)-") }
        guard let main = sources.first(where: { $0.suite == codename }) else {
            throw Problem(
                .failed, "apt on this machine has no source for Debian \(codename).",
                next: ["The lab fetches kernels and QEMU from a Debian mirror: name one in /etc/apt/sources.list."])
        }
        if !sources.contains(where: { $0.suite == backports }) {
            sources.append(Source(uri: main.uri, suite: backports, keyring: main.keyring))
        }
    }

    private static func stanzas(_ text: String) -> [Source] {
        text.split(separator: "\n\n").flatMap { stanza -> [Source] in
            var fields: [String: [String]] = [:]
            for line in stanza.split(separator: "\n") where !line.hasPrefix("#") {
                guard let colon = line.firstIndex(of: ":") else { continue }
                fields[String(line[..<colon])] = line[line.index(after: colon)...].split(separator: " ").map(
                    String.init)
            }
            guard fields["Types"]?.contains("deb") == true, fields["Enabled"] != ["no"] else { return [] }
            let keyring = fields["Signed-By"]?.first.flatMap { $0.hasPrefix("/") ? $0 : nil }
            return (fields["URIs"] ?? []).flatMap { uri in
                (fields["Suites"] ?? []).map { Source(uri: uri, suite: $0, keyring: keyring) }
            }
        }
    }

    private static func lines(_ text: String) -> [Source] {
        text.split(separator: "\n").compactMap { line in
            var words = line.split(separator: " ").map(String.init)
            guard words.first == "deb" else { return nil }
            words.removeFirst()
            var keyring: String?
            if words.first?.hasPrefix("[") == true {
                while let option = words.first {
                    words.removeFirst()
                    let bare = option.filter { $0 != "[" && $0 != "]" }
                    if bare.hasPrefix("signed-by=") { keyring = String(bare.dropFirst("signed-by=".count)) }
                    if option.hasSuffix("]") { break }
                }
            }
            guard words.count >= 2 else { return nil }
            return Source(uri: words[0], suite: words[1], keyring: keyring)
        }
    }
}

extension AptSources {
    /// This machine's own.
    static func ofThisMachine() throws(Problem) -> AptSources {
        var files: [String: String] = [:]
        let directory = "/etc/apt/sources.list.d"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        for path in ["/etc/apt/sources.list"] + names.map({ "\(directory)/\($0)" }) {
            guard let bytes = FileManager.default.contents(atPath: path) else { continue }
            files[path] = String(decoding: bytes, as: UTF8.self)
        }
        let release = FileManager.default.contents(atPath: "/etc/os-release").map {
            String(decoding: $0, as: UTF8.self)
        }
        let prefix = "VERSION_CODENAME="
        guard let line = release?.split(separator: "\n").first(where: { $0.hasPrefix(prefix) }) else {
            throw Problem(
                .failed, "This machine does not say which Debian it is.",
                next: ["The lab runs on Debian 12 and later."])
        }
        return try AptSources(files: files, codename: String(line.dropFirst(prefix.count)))
    }
}
