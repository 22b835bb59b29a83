import PatchbayCore
import PatchbayText

extension HelpTopic {
    static let filters = HelpTopic(
        name: "filters",
        text: """
            FILTERS

              A filter is a list of conditions, separated by spaces, all of which must hold. Rules of pools use the
              same language. Quote values that hold spaces:  name*="A100 80GB"

              patchbay device list --where 'state=free vendor=10de numa=0'
              patchbay pool create gpus --rule 'name=a100s host=atlas vendor=10de device=20b5'

            Comparisons
              =   equal              ^=  begins with        <   less
              !=  not equal          $=  ends with          <=  less or equal
              ~   regular expression *=  contains           >   greater
                                     *~  contains, any case >=  greater or equal

            Fields of devices
              \(DeviceField.all(of: .pci).map(\.rawValue).wrapped(to: 76))
              state, pool, vm, alone, verdict and use are for lists only; rules cannot use them.

            Fields of USB devices
              \(DeviceField.all(of: .usb).map(\.rawValue).wrapped(to: 76))

            As OpenNebula writes them
              pci=10de:*:0302,8086     vendor:device:class, * or nothing for any; one of the list must match
              short=41:00.0,42:00.0    addresses in any domain

            In rules
              name=TEXT names the rule itself, and host=HOST says on which host it applies; without host= it applies on
              every host. To match the name of a device, use another comparison:  name*=A100

            In other lists
              Every column is a field:  patchbay vm list --where 'state=running host=atlas'
              --watch shows the list again whenever it changes, or on a pipe a line for each row that did.

            """)

    static let policy = HelpTopic(
        name: "policy",
        text: """
            POLICY

              patchbay diff -f FILE|FOLDER|-    show what would change
              patchbay apply -f FILE|FOLDER|-   change it: all of it or nothing
              patchbay export                   print what there is now, in the same format

            A file
              pool: gpus
              description: A100 cards
              class: gpu                        \(PoolClass.allCases.map(\.rawValue).joined(separator: ", "))
              prepare: on-demand                or eager
              rules:
                - name: a100
                  where: id=10de:20b5 numa=0    see:  patchbay help filters
                  host: atlas                   left out: every host
                  enabled: true
                  tags: {physical_network: lan}
              expect:
                - matches 4 on atlas            if this does not hold, nothing is changed
                - matches at least 2            at most 8, none
                - includes atlas/41:00.0        excludes
              ---
              profile: trainer
              vcpus: 16
              memoryMiB: 65536
              pin: core                         \(PinPolicy.allCases.map(\.rawValue).joined(separator: ", "))
              hugepages: 1G
              cells: 1
              requests:
                - pool: gpus                    or  device: HOST/ADDRESS
                  count: 2
                  optional: false
                  numa: required                \(NUMAPolicy.allCases.map(\.rawValue).joined(separator: ", "))
                  topology: same-switch         \(TopologyPolicy.allCases.map(\.rawValue).joined(separator: ", "))
                  group: isolate                \(GroupPolicy.allCases.map(\.rawValue).joined(separator: ", "))
                  tags: {physical_network: lan}

              A document describes a whole pool or profile. What no document names stays, unless --prune is given.
              A VM from a profile:  patchbay vm create trainer-01 --profile trainer --disk PATH

            """)

    static let output = HelpTopic(
        name: "output",
        text: """
            OUTPUT

              -o table   aligned columns (the default)
              -o wide    more columns; same as -v
              -o tree    devices under their IOMMU groups
              -o name    names only; same as -q
              -o json    the fields of the API; same as --json. Lists are arrays
              -o yaml    the same fields

              -c a,b     these columns, in this order       --sort COLUMN   -COLUMN reverses the order
              --watch    on a terminal the list is drawn again on every change; on a pipe each row that changes is
                         one line or record, and one that is gone is NAME  gone, or {"gone":"NAME"} in JSON

              Commands that take several names answer for each, and exit with the worst of their codes; JSON and YAML
              then have a list of changes.

              Data goes to standard output, messages go to standard error. When output is not a terminal, there is no
              colour, no marker in front of lines, and no truncation. Times are in words in tables and exact
              (milliseconds since 1970) in JSON.

            States
            \(DeviceState.allCases.map { "  \($0.glyph) \($0.asciiGlyph)  \($0.rawValue)" }.joined(separator: "\n"))

            """)

    static let exitCodes = HelpTopic(
        name: "exit-codes",
        text: "EXIT CODES\n\n"
            + ExitStatus.allCases.map { "  \(String($0.rawValue).padded(onLeftTo: 3))  \($0.words)\n" }.joined())

    static let environment = HelpTopic(
        name: "environment",
        text: """
            ENVIRONMENT

              PATCHBAY_SERVER   http://HOST:PORT, https://HOST or unix:/PATH of the socket.
                                Default: unix:/run/patchbay/patchbay.sock. --server overrides it.
              PATCHBAY_TOKEN    the token for a server over TCP; a socket needs none.
              NO_COLOR          no colour, if set and not empty.
              COLUMNS           the width, if the terminal does not report it.
              LC_ALL, LC_CTYPE, LANG
                                whether the terminal shows UTF-8; if not, markers and arrows are ASCII.

            """)
}

extension [String] {
    /// Words on lines of at most `width` columns, continued with the indent of the pages.
    fileprivate func wrapped(to width: Int) -> String {
        var lines: [String] = []
        for word in self {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(word)
            }
        }
        return lines.joined(separator: "\n  ")
    }
}
