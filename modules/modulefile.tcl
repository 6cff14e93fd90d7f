#%Module1.0
## Belay @VERSION@ for environment-modules, and for Lmod where it reads Tcl.
set version "@VERSION@"
set prefix  "@PREFIX@"

module-whatis "Belay $version: autoencoder training, features and SVM as cluster jobs that survive preemption"
proc ModulesHelp {} {
    global prefix version
    puts stderr "Belay $version. belay --help lists the commands; job scripts lie in $prefix/jobs."
    puts stderr "It needs Java 17 or later: load a module of it first where java is older."
}
conflict belay

setenv       BELAY_HOME $prefix
prepend-path PATH       $prefix/bin
# Completion as a shell function, which unloading removes again.
if {[module-info shelltype sh] && [file readable $prefix/share/bash-completion/completions/belay]} {
    source-sh bash $prefix/share/bash-completion/completions/belay
}
