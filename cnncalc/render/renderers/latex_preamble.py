r"""What stands in front of a LaTeX document: packages that every TeX Live has, and a few commands for its blocks."""

from typing import Literal

Engine = Literal["pdflatex", "xelatex"]

_WESTERN = r"""\usepackage{iftex}
\ifPDFTeX
  \usepackage[T1]{fontenc}
  \usepackage[utf8]{inputenc}
  \usepackage{textcomp}
\else
  \usepackage{fontspec}
\fi
\usepackage{lmodern}
"""
_CHINESE = r"""\usepackage{iftex}
\ifPDFTeX
  \errmessage{This document has Chinese in it: compile it with xelatex}
\fi
\usepackage{fontspec}
\usepackage{lmodern}
\usepackage{xeCJK}
\setCJKmainfont{FandolSong-Regular.otf}[BoldFont=FandolSong-Bold.otf, ItalicFont=FandolKai-Regular.otf]
\setCJKsansfont{FandolHei-Regular.otf}[BoldFont=FandolHei-Bold.otf]
\setCJKmonofont{FandolFang-Regular.otf}
"""
_PACKAGES = r"""\usepackage{amsmath, amssymb, array, booktabs, graphicx, longtable, xcolor}
\usepackage[a4paper, margin=22mm]{geometry}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt plus 2pt}
\setlength{\arraycolsep}{4pt}
\setlength{\extrarowheight}{1.5pt}
\setlength{\LTpre}{8pt}
\setlength{\LTpost}{8pt}
\definecolor{faint}{gray}{0.38}
\definecolor{accent}{rgb}{0.04, 0.30, 0.60}
\relpenalty=50
\binoppenalty=150
\emergencystretch=3em
\frenchspacing
"""
_COMMANDS = r"""
% A title, what stands small beside a heading, and what stands below it.
\newcommand{\heading}[1]{{\LARGE\bfseries\boldmath\raggedright #1\par}\medskip}
\newcommand{\aside}[1]{\quad{\normalfont\unboldmath\small\color{faint}#1}}
\newcommand{\byline}[1]{{\color{faint}#1\par}}
\newcommand{\note}[1]{{\small\color{faint}\leftskip=\blockindent #1\par}}
\newcommand{\remark}[1]{\par\smallskip
  \begin{tabular}{@{}!{\color{accent}\vrule width 2pt}@{\hspace{0.8em}}p{0.93\linewidth}@{}}#1\end{tabular}%
  \par\smallskip}
\newlength{\blockindent}
\setlength{\blockindent}{1.2em}
% Lines of a file.
\newenvironment{listing}{\par\ttfamily\small\parskip=0pt\leftskip=\blockindent}{\par\medskip}
% A formula on a line of its own; a long one goes on further in.
\newcommand{\formula}[1]{\par{\raggedright\lineskiplimit=4pt\lineskip=6pt
  \leftskip=\blockindent\hangindent=2em\hangafter=1 \noindent$\displaystyle #1$\par}\nobreak}
\newsavebox{\fitbox}
\newlength{\room}
\newlength{\leftwidth}
\newcommand{\shrunk}[1]{\sbox{\fitbox}{$\displaystyle #1$}%
  \setlength{\room}{\dimexpr\linewidth-\blockindent-\leftwidth-2.5em\relax}%
  \ifdim\wd\fitbox>\room\resizebox{\room}{!}{\usebox{\fitbox}}\else\usebox{\fitbox}\fi}
% Matrices side by side, each behind its signs, and made smaller if it is wider than the page.
\newsavebox{\signbox}
\newcommand{\fit}[2]{\sbox{\signbox}{#1}\sbox{\fitbox}{$\displaystyle #2$}%
  \setlength{\room}{\dimexpr\linewidth-\blockindent-\wd\signbox\relax}%
  \mbox{\usebox{\signbox}\ifdim\wd\fitbox>\room\resizebox{\room}{!}{\usebox{\fitbox}}\else\usebox{\fitbox}\fi}}
\newcommand{\apart}{\hskip 2em\relax}
\newenvironment{matrices}{\par\raggedright\lineskiplimit=5pt\lineskip=9pt\leftskip=\blockindent\noindent\ignorespaces}%
  {\unskip\par\vspace{3pt}}
% A calculation: its left side, steps that are lined up at their signs, and what goes on with a sum.
\newcommand{\leftside}{}
\newcommand{\working}[1]{\par\begingroup\raggedright\lineskiplimit=4pt\lineskip=6pt
  \settowidth{\leftwidth}{$\displaystyle #1$}\renewcommand{\leftside}{\makebox[\leftwidth][l]{$\displaystyle #1$}}%
  \ifdim\leftwidth>0.4\linewidth
    \noindent\hspace*{\blockindent}$\displaystyle #1$\par\nobreak
    \setlength{\leftwidth}{1em}\renewcommand{\leftside}{\hspace*{\leftwidth}}%
  \fi}
\newcommand{\workline}[4]{\noindent\hangafter=1
  \hangindent=\dimexpr\blockindent+\leftwidth+1.9em+#4\relax
  \hspace*{\blockindent}\leftside\hspace*{#4}\makebox[1.9em][c]{$#1$}$\displaystyle #2$#3\par
  \renewcommand{\leftside}{\hspace*{\leftwidth}}}
\newcommand{\step}[3]{\workline{#1}{#2}{#3}{0em}}
\newcommand{\more}[3]{\workline{#1}{#2}{#3}{1.2em}}
\newcommand{\done}{\endgroup\smallskip}"""


def preamble(engine: Engine, is_chinese: bool) -> str:
    """Everything before `\\begin{document}`; Chinese lines stand farther apart."""
    fonts = _CHINESE if engine == "xelatex" else _WESTERN
    stretch = "\\linespread{1.25}\n" if is_chinese else ""
    return f"% !TEX program = {engine}\n\\documentclass[10pt]{{article}}\n{fonts}{_PACKAGES}{stretch}{_COMMANDS}"
