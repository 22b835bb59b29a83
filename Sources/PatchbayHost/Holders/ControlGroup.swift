/// The systemd unit and the container of a process, by the path of its control group (cgroups(7)).
struct ControlGroup: Equatable {
    /// `nvidia-persistenced.service`, `session-3.scope`
    var unit: String?
    /// `docker 0123456789ab`, `lxc web`
    var container: String?

    /// - Parameter text: `/proc/<pid>/cgroup`: `0::/system.slice/ssh.service`, or with the first version of control
    ///   groups `1:name=systemd:/system.slice/ssh.service` among others.
    init(_ text: String) {
        let lines = text.split(separator: "\n").map { $0.split(separator: ":", maxSplits: 2) }
        let path =
            lines.first { $0.count == 3 && $0[1] == "name=systemd" }?[2]
            ?? text.split(separator: "\n").first { $0.hasPrefix("0::") }?.dropFirst(3) ?? ""
        let parts = path.split(separator: "/")
        unit = parts.last { $0.hasSuffix(".service") || $0.hasSuffix(".scope") }.map(String.init)
        container = Self.container(parts)
    }

    /// What container engines call the scope or directory of one: `docker-<id>.scope`, `/docker/<id>`.
    private static let engines = [
        ("docker", "docker"), ("libpod", "podman"), ("cri-containerd", "containerd"), ("crio", "cri-o"),
        ("containerd", "containerd"),
    ]

    private static func container(_ parts: [Substring]) -> String? {
        for (index, part) in parts.enumerated().reversed() {
            for (prefix, engine) in engines {
                if part.hasPrefix("\(prefix)-"), let id = identifier(part.dropFirst(prefix.count + 1)) {
                    return "\(engine) \(id)"
                }
                if part == prefix, index + 1 < parts.count, let id = identifier(parts[index + 1]) {
                    return "\(engine) \(id)"
                }
            }
            if part.hasPrefix("lxc.payload.") { return "lxc \(part.dropFirst(12))" }
            if part == "lxc", index + 1 < parts.count { return "lxc \(parts[index + 1])" }
            // With its own driver the kubelet names only the pod and the bare id.
            if parts[..<index].contains(where: { $0.hasPrefix("kubepods") }), let id = identifier(part) {
                return "kubernetes \(id)"
            }
        }
        return nil
    }

    /// The first twelve digits of a container's id, as its engine shows it.
    private static func identifier(_ text: Substring) -> Substring? {
        let id = text.hasSuffix(".scope") ? text.dropLast(6) : text
        guard id.utf8.count >= 32, id.allSatisfy(\.isHexDigit) else { return nil }
        return id.prefix(12)
    }
}
